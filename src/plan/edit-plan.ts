/** Edits by lines: every byte that an edit need not change stays as it was. */
import type { ItemState, PlanItem } from '../model/plan.js';
import { formatEntryLine } from './entry-line.js';
import type { Entry } from './entry-line.js';
import { withState } from './item-line.js';
import { joinLines, splitLines } from './lines.js';
import type { Line } from './lines.js';
import { readOutline, sectionsNamed } from './outline.js';
import { logTitle } from './parse-plan.js';

/** Changes the one character between the item's brackets. */
export function markItem(text: string, item: Pick<PlanItem, 'line'>, state: ItemState): string {
  return markItems(text, new Map([[item.line, state]]));
}

/** The same for several items, by their lines. */
export function markItems(text: string, states: ReadonlyMap<number, ItemState>): string {
  return joinLines(
    splitLines(text).map((line, index) => {
      const state = states.get(index + 1);
      return state === undefined ? line : { ...line, text: withState(line.text, state) };
    }),
  );
}

/** Adds a line at the end of the log; the section is made at the end of the plan if there is none. */
export function appendLog(text: string, entry: Entry): string {
  return appendLogs(text, [entry]);
}

/** The same with several lines, in their order. */
export function appendLogs(text: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return text;
  const written = entries.map(formatEntryLine);
  const lines = splitLines(text);
  const eol = lines.find((line) => line.eol !== '')?.eol ?? '\n';
  const section = sectionsNamed(readOutline(text), logTitle).at(-1);
  if (section === undefined) {
    const gap = lines.length === 0 || isBlank(lines.at(-1)) ? [] : [''];
    return insert(lines, lines.length, [...gap, `## ${logTitle}`, '', ...written], eol);
  }
  const last = lastWritten(lines, section.line, section.end);
  const isEmpty = last === section.line;
  // Below a heading comes a blank line: the one that is there, or a new one.
  const hasGap = isEmpty && section.end > last;
  const place = hasGap ? last + 1 : last;
  const before = isEmpty && !hasGap ? [''] : [];
  const after = place === section.end && place < lines.length ? [''] : [];
  return insert(lines, place, [...before, ...written, ...after], eol);
}

/** The number of the section's last line that isn't blank; the heading's when all are. */
function lastWritten(lines: readonly Line[], from: number, to: number): number {
  let last = to;
  while (last > from && isBlank(lines[last - 1])) last -= 1;
  return last;
}

function isBlank(line: Line | undefined): boolean {
  return line?.text.trim() === '';
}

/** Puts new lines below line number `place`; a line above without an end gets one. */
function insert(lines: readonly Line[], place: number, texts: readonly string[], eol: string): string {
  const above = lines.slice(0, place).map((line) => (line.eol === '' ? { ...line, eol } : line));
  const added = texts.map((text) => ({ text, eol }));
  return joinLines([...above, ...added, ...lines.slice(place)]);
}
