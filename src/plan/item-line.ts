import { decodePlanId } from '../model/ids.js';
import { stateMarks } from '../model/plan.js';
import type { ItemState, PlanItem } from '../model/plan.js';
import type { VisibleLine } from './outline.js';
import { planError } from './plan-error.js';

const states = new Map<string, ItemState>([
  ...Object.entries(stateMarks).map(([state, mark]) => [mark, state as ItemState] as const), // keys of a Record<ItemState>
  ['X', 'done'],
]);
const shape = /^[-*+](?<before>[ \t]*)\[(?<mark>[^\]]*)\](?<after>[ \t]*)(?<rest>.*)$/s; // a line may hold other line separators

/**
 * The item on a line of the plan; null when the line is none: indented, no list entry, or a link.
 *
 * @throws RegenError `plan` for what was meant as an item and can't be read as one, lest it be passed over in silence.
 */
export function readItemLine({ number, text }: VisibleLine): PlanItem | null {
  const { before = '', mark = '', after = '', rest = '' } = shape.exec(text.trimEnd())?.groups ?? {};
  const isBox = shape.test(text) && !(after === '' && /^[[(:\]]/.test(rest));
  if (!isBox) return null;
  const state = states.get(mark);
  if (state === undefined) {
    throw planError(number, `"[${mark}]" is no state of an item`, `Write ${knownMarks()}.`);
  }
  const [, word = '', note = ''] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
  if (word === '')
    throw planError(
      number,
      `"${text.trim()}" names no item`,
      'Write its id after the brackets, or remove the line.',
    );
  if (before === '' || after === '') {
    throw planError(
      number,
      `"${text.trim()}" lacks a blank beside the brackets`,
      `Write "- [${mark}] ${word}".`,
    );
  }
  return { id: decodePlanId(word), state, line: number, note };
}

/** The same line with another state; nothing else of it changes. */
export function withState(text: string, state: ItemState): string {
  const place = text.indexOf('[') + 1;
  return text.slice(0, place) + stateMarks[state] + text.slice(place + 1);
}

function knownMarks(): string {
  return '[ ] to do, [x] done, [!] failed, [-] skipped or [~] handed off';
}
