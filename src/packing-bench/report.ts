/** What is shown of a bench's results: the figures that follow from its cells. Pure. */
import type { PackingReport, PackingResults, PackingRow } from '../model/packing-bench.js';
import { agreementOf, usdPerItem } from './cell.js';
import { againstSmallest, smallestOf } from './compare.js';
import { wilson } from './statistics.js';

export function packingReport({ cells, ...results }: PackingResults): PackingReport {
  const rows = cells.map((each): PackingRow => {
    const smallest = smallestOf(each.model, cells);
    const [own, least] = [usdPerItem(each), smallest === null ? null : usdPerItem(smallest)];
    return {
      cell: each,
      agreement: agreementOf(each),
      interval: wilson(each.agreed, each.asked),
      usdPerItem: own,
      relativeCost: own === null || least === null || least === 0 ? null : own / least,
      against: againstSmallest(each, cells),
    };
  });
  const models = [...new Set(cells.map(({ model }) => model))].map((model) => ({
    model,
    rows: rows
      .filter((row) => row.cell.model === model)
      .toSorted((left, right) => left.cell.size - right.cell.size),
  }));
  const { at, set, target, agreement, recommendation } = results;
  return { at, set, target, agreement, models, recommendation };
}
