/** Whether a result is what the label says. Pure. */
import type { LabelledItem } from '../model/packing-bench.js';

/** `normal`: white space and the ways to write a character in Unicode don't count; `exact`: everything does. */
export type AgreementMode = 'normal' | 'exact';

/** What isn't text, a number or a truth value agrees with nothing: labels are such values. */
export function isAgreement(
  result: unknown,
  label: Pick<LabelledItem, 'accept'>,
  mode: AgreementMode = 'normal',
): boolean {
  if (typeof result !== 'string' && typeof result !== 'number' && typeof result !== 'boolean') return false;
  const given = mode === 'exact' ? String(result) : normal(String(result));
  return label.accept.some((wanted) => (mode === 'exact' ? wanted : normal(wanted)) === given);
}

function normal(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}
