/** One line in the head of the item's file. Pure. */
import { fillTemplate } from '../model/template.js';
import { emptyPlaceholders, known } from './fields.js';
import type { RecordValues } from './fields.js';

export interface HeaderRule {
  /** A regular expression in which `^` and `$` are the ends of a line. */
  readonly match: string;
  readonly line: string;
}

export type HeaderEdit =
  { readonly kind: 'edited'; readonly text: string } | { readonly kind: 'refused'; readonly reason: string };

/** Puts the filled line in place of the first match; a header that isn't found is refused, never left out in silence. */
export function editHeader(text: string, rule: HeaderRule, values: RecordValues): HeaderEdit {
  const empty = emptyPlaceholders(rule.line, values);
  if (empty.length > 0) return { kind: 'refused', reason: `{${empty.join('}, {')}} has no value` };
  const pattern = new RegExp(rule.match, 'm');
  if (!pattern.test(text)) return { kind: 'refused', reason: `nothing matches ${rule.match}` };
  // A function: `$&` in the line is no pattern.
  return { kind: 'edited', text: text.replace(pattern, () => fillTemplate(rule.line, known(values))) };
}
