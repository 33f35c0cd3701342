/** Where the cached part of a prompt file ends: by its author's marks, or by the first line that looks dynamic. Pure. */
import type { Evidence } from '../../model/prompt-file-report.js';
import { findDynamicLines, isSection } from './dynamic-lines.js';

/** What a line is: `static` and `target` belong to the prefix, as long as nothing dynamic comes before them. */
export type LineKind = 'static' | 'target' | 'dynamic' | 'marker';

export interface Boundaries {
  readonly how: 'marked' | 'guessed';
  /** One for each line. */
  readonly kinds: readonly LineKind[];
  readonly markers: readonly number[];
  /** Of the part that is meant to be static. */
  readonly evidence: readonly Evidence[];
}

export function findBoundaries(lines: readonly string[]): Boundaries {
  const marked = layersOf(lines);
  const evidence = findDynamicLines(lines).filter(({ line }) => {
    const kind = marked?.kinds[line - 1];
    return kind !== 'dynamic' && kind !== 'marker';
  });
  const dynamic = dynamicLines(lines, evidence);
  const kinds = lines.map((_, index): LineKind => {
    const kind = marked?.kinds[index] ?? 'static';
    return kind !== 'marker' && dynamic.has(index + 1) ? 'dynamic' : kind;
  });
  return {
    how: marked === null ? 'guessed' : 'marked',
    kinds: withBlanks(lines, kinds),
    markers: marked?.markers ?? [],
    evidence,
  };
}

/** Empty lines between dynamic ones, and behind the last, are nothing that could be cached. */
function withBlanks(lines: readonly string[], kinds: readonly LineKind[]): readonly LineKind[] {
  return kinds.map((kind, index) => {
    if (lines[index]?.trim() !== '' || kind === 'marker') return kind;
    const isText = (line: string | undefined): boolean => line !== undefined && line.trim() !== '';
    const before = lines.slice(0, index).findLastIndex(isText);
    const after = lines.findIndex((line, at) => at > index && isText(line));
    return kinds[before] === 'dynamic' && (after === -1 || kinds[after] === 'dynamic') ? 'dynamic' : kind;
  });
}

interface Marked {
  readonly kinds: readonly LineKind[];
  readonly markers: readonly number[];
}

const layerMark = /^\s*<!--\s*regen:(static|target|item|task)\s*-->\s*$/;

/** A line that holds nothing but the words and what makes a comment or a rule of them; a colon may bring a remark. */
const boundaryMark =
  /^\W*(?:<<+)?\W*(?:END_OF_)?(?:PROMPT[_ -])?CACHE[_ -]?(?:BOUNDARY|BREAKPOINT)(?:[_ -]MARKER)?\b\W*(?::.*)?$/i;

/** null: nobody marked anything. */
function layersOf(lines: readonly string[]): Marked | null {
  const boundaries = lines.flatMap((line, index) => (boundaryMark.test(line) ? [index] : []));
  const markers = lines.flatMap((line, index) =>
    layerMark.test(line) || boundaries.includes(index) ? [index + 1] : [],
  );
  if (markers.length === 0) return null;
  let kind: LineKind = 'static';
  let passed = 0;
  const kinds = lines.map((line, index): LineKind => {
    const layer = layerMark.exec(line)?.[1];
    if (layer !== undefined) {
      kind = layer === 'static' || layer === 'target' ? layer : 'dynamic';
      return 'marker';
    }
    if (!boundaries.includes(index)) return kind;
    passed += 1;
    // The last one ends the prefix, whatever its number.
    kind = passed === boundaries.length ? 'dynamic' : 'target';
    return 'marker';
  });
  return { kinds, markers };
}

/** The lines of the evidence, and all that a dynamic section holds. */
function dynamicLines(lines: readonly string[], evidence: readonly Evidence[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { line, kind, counts } of evidence) {
    if (!counts) continue;
    const last = kind === 'section' ? endOfSection(lines, line) : line;
    for (let each = line; each <= last; each += 1) found.add(each);
  }
  return found;
}

/** A heading's section goes to the next heading that isn't below it, a label's to the next empty line. */
function endOfSection(lines: readonly string[], start: number): number {
  const level = /^\s{0,3}(#{1,6})\s/.exec(lines[start - 1] ?? '')?.[1]?.length ?? null;
  const ends = (line: string): boolean => {
    if (level === null) return line.trim() === '' || isSection(line);
    const other = /^\s{0,3}(#{1,6})\s/.exec(line)?.[1]?.length ?? null;
    return other !== null && other <= level;
  };
  const next = lines.findIndex((line, index) => index >= start && ends(line));
  return next === -1 ? lines.length : next;
}
