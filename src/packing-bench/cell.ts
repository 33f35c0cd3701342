/** What one run over the set comes to. Pure. */
import type { AgreementMode, LabelledItem, PackingCell } from '../model/packing-bench.js';
import { isAgreement } from './agreement.js';

/** A run of one model over the whole set, so many items in a call. */
export interface PackingRun extends Pick<PackingCell, 'model' | 'size' | 'requests' | 'usage' | 'costUsd'> {
  /** The usable results by id; an item without one has failed. */
  readonly results: ReadonlyMap<string, unknown>;
}

export function cellOf(
  entries: readonly LabelledItem[],
  run: PackingRun,
  mode: AgreementMode = 'normal',
): PackingCell {
  const { results, ...facts } = run;
  const letters = entries.map((entry) => {
    if (!results.has(entry.id)) return 'f';
    return isAgreement(results.get(entry.id), entry, mode) ? 'a' : 'd';
  });
  return {
    ...facts,
    asked: letters.length,
    agreed: letters.filter((letter) => letter === 'a').length,
    failed: letters.filter((letter) => letter === 'f').length,
    outcomes: letters.join(''),
  };
}

/** Share of the asked items, 0 to 1; 0 when none was asked. */
export function agreementOf({ agreed, asked }: PackingCell): number {
  return asked === 0 ? 0 : agreed / asked;
}

/** null: the model has no price, or nothing was asked. */
export function usdPerItem({ costUsd, asked }: PackingCell): number | null {
  return costUsd === null || asked === 0 ? null : costUsd / asked;
}
