/** Writes an answer in a block's place so that lines which were the block's before stay as the file has them. Pure. */
import type { Block } from '../model/block.js';
import { lineEndsOf, linesOf } from './lines.js';

interface OwnLine {
  /** As an answer that repeats it has it. */
  readonly shown: string;
  /** As the file has it, with its margin. */
  readonly raw: string;
  /** What it ends with; empty: it is the last one. */
  readonly end: string;
}

/** A block's lines; blank ones that no answer shows stand `before` and `after` them. */
export interface OwnLines {
  readonly before: string;
  readonly lines: readonly OwnLine[];
  readonly after: string;
}

const none: OwnLines = { before: '', lines: [], after: '' };

/** @param shown - the content's lines without the blank ones around them. */
export function ownLines({ text, content, fit }: Block, shown: readonly string[]): OwnLines {
  const body = text.slice(fit.lead.length, text.length - fit.tail.length);
  const [raw, ends] = [linesOf(body), lineEndsOf(body)];
  const contents = content.split('\n');
  const first = contents.findIndex((line) => line.trim() !== '');
  const last = contents.findLastIndex((line) => line.trim() !== '');
  if (first === -1 || raw.length !== contents.length || last - first + 1 !== shown.length) return none;
  const join = (from: number, to: number): string =>
    raw.slice(from, to).reduce((joined, line, index) => joined + line + (ends[from + index] ?? ''), '');
  return {
    before: join(0, first),
    lines: shown.map((line, index) => ({
      shown: line,
      raw: raw[first + index] ?? '',
      end: index === shown.length - 1 ? '' : (ends[first + index] ?? ''),
    })),
    after: (ends[last] ?? '') + join(last + 1, raw.length),
  };
}

/** Whether an answer's lines repeat the block's as they are, and would no longer once they are shifted. */
export function losesOwnLines(own: OwnLines, given: readonly string[], shifted: readonly string[]): boolean {
  const kept = repeated(own, given);
  return given.some((line, index) => kept(index) !== null && line !== shifted[index]);
}

export function writtenLines({ content, fit }: Block, own: OwnLines, answer: readonly string[]): string {
  const grows = answer.length > 1 && !content.includes('\n') && !fit.lead.includes('\n');
  const { lead, tail } = (grows ? fit.grown : null) ?? fit;
  const kept = repeated(own, answer);
  const parts = answer.map((line, index) => {
    const same = kept(index);
    const begins = index === 0 && own.before === '';
    const isLast = index === answer.length - 1;
    const place = same ?? (answer.length === own.lines.length ? own.lines[index] : undefined);
    return (
      (same?.raw ?? (begins ? line : withMargin(line, marginOf(place) ?? fit.margin))) +
      (isLast ? '' : place?.end || fit.lineEnd)
    );
  });
  return lead + own.before + parts.join('') + own.after + tail;
}

/** What the line in that place begins with: less than the margin where a quote goes on lazily. */
function marginOf(place: OwnLine | undefined): string | null {
  if (place === undefined || place.shown.trim() === '' || !place.raw.endsWith(place.shown)) return null;
  return place.raw.slice(0, place.raw.length - place.shown.length);
}

function withMargin(line: string, margin: string): string {
  if (margin === '') return line;
  return line.trim() === '' ? margin.trimEnd() : margin + line;
}

/**
 * Which line of the block a line of the answer is; null: none. As many as are equal from the top, and from the bottom; where the
 * answer has as many lines as the block, line by line. The block's first line has no margin, so it is no other's.
 */
function repeated({ lines }: OwnLines, answer: readonly string[]): (index: number) => OwnLine | null {
  const most = Math.min(lines.length, answer.length);
  const moved = lines.length - answer.length;
  const isSame = (index: number, by: number): boolean => lines[index + by]?.shown === answer[index];
  let head = 0;
  while (head < most && isSame(head, 0)) head += 1;
  let foot = answer.length;
  while (answer.length - foot < most - Math.max(head, 1) && isSame(foot - 1, moved)) foot -= 1;
  return (index) => {
    if (index < head || (moved === 0 && isSame(index, 0))) return lines[index] ?? null;
    return index >= foot ? (lines[index + moved] ?? null) : null;
  };
}
