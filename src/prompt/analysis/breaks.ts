/** What in the prefix belongs further back: it is sent to items or targets that it isn't meant for. Pure. */
import { disclose } from '../../model/enclosure.js';
import { cut } from '../../model/excerpt.js';
import type { Break } from '../../model/prompt-report.js';
import type { Segment } from '../../model/prompt.js';
import type { ItemQuestion } from './item.js';

/** A segment's first ones; more say the same. */
const mostPerSegment = 3;

export function findBreaks(question: ItemQuestion): readonly Break[] {
  const { prompt } = question;
  const inPrefix = prompt.segments.filter(({ layer }) => layer === 'static' || layer === 'target');
  return inPrefix.flatMap((segment) => [
    ...differences(segment, question),
    ...suspects(segment, question).slice(0, mostPerSegment),
  ]);
}

/** The prefix ends where two items' prompts part, whatever the layers are called. */
function differences(segment: Segment, { others }: ItemQuestion): Break[] {
  const differing = others.filter(
    ({ prompt }) =>
      !prompt.segments.some(({ source, text }) => source === segment.source && text === segment.text),
  );
  if (differing.length === 0) return [];
  const { source, layer } = segment;
  const text = `${differing.length} of ${others.length} other items have another text here`;
  return [{ source, layer, line: null, kind: 'differs', text }];
}

function suspects(segment: Segment, { target, item, others, elsewhere }: ItemQuestion): Break[] {
  const { source, layer, text } = segment;
  const isOfTarget = layer === 'target';
  const isNamed = (name: string): boolean => wordPattern(name).test(text);
  // A list of all items or targets means every one of them.
  const namesItem = isNamed(item) && others.length > 0 && !others.some((other) => isNamed(other.item));
  const namesTarget =
    !isOfTarget &&
    isNamed(target) &&
    elsewhere.length > 0 &&
    !elsewhere.some((other) => isNamed(other.target));
  const own = isOfTarget ? /\{item\}/ : /\{(?:target|item)\}/;
  const lines = (disclose(text)[0]?.text ?? text).split('\n');
  return lines.flatMap((line, index): Break[] => {
    const at = { source, layer, line: index + 1 };
    const placeholder = own.exec(line)?.[0];
    if (placeholder !== undefined) return [{ ...at, kind: 'placeholder', text: placeholder }];
    const excerpt = cut(line.trim(), 60);
    if (namesTarget && wordPattern(target).test(line))
      return [{ ...at, kind: 'names target', text: excerpt }];
    return namesItem && wordPattern(item).test(line) ? [{ ...at, kind: 'names item', text: excerpt }] : [];
  });
}

/** Short names are words of any language. */
function wordPattern(name: string): RegExp {
  if (name.length < 4) return /(?!)/;
  return new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
}
