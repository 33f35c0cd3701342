/** Whether a result is what the label says. Pure. */
import type { AgreementMode, LabelledItem } from '../model/packing-bench.js';

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
