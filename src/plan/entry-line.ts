/** Lines of the log and of the change requests: `- <item>: <text>`. */
import { decodePlanId, encodePlanId } from '../model/ids.js';

/** Longer texts say no more to a person who reads the plan; the whole is in the attempt's records. */
const maxLength = 500;

export interface Entry {
  readonly item: string;
  readonly text: string;
}

/** Null when the line is no entry. */
export function readEntryLine(text: string): Entry | null {
  const match = /^[-*+][ \t]+(\S+):(?:\s+(.*))?$/s.exec(text.trimEnd());
  return match?.[1] === undefined ? null : { item: decodePlanId(match[1]), text: match[2] ?? '' };
}

/** One line, whatever the text holds: a model or a tool may have written it. */
export function formatEntryLine({ item, text }: Entry): string {
  return `- ${encodePlanId(item)}: ${oneLine(text)}`;
}

/** Terminal colours go; line ends, control characters and invisible ones become a blank. */
export function oneLine(text: string): string {
  const flat = text
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const letters = Array.from(flat);
  return letters.length <= maxLength ? flat : `${letters.slice(0, maxLength - 1).join('')}…`;
}
