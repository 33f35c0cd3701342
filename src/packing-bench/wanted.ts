/** Which cells are measured. Pure. */
import { RegenError } from '../model/errors.js';
import type { LabelledSetName, PackingCell, PackingResults } from '../model/packing-bench.js';
import { cellName } from './cell-words.js';

export type WantedCell = Pick<PackingCell, 'model' | 'size'>;

export interface Wish {
  /** null: nobody named any. */
  readonly sizes: readonly number[] | null;
  readonly models: readonly string[] | null;
}

const usualSizes: readonly number[] = [1, 5, 10, 20, 40];

/**
 * Model by model, from the smallest size to the largest.
 *
 * @param usualModel - where none is named.
 * @throws RegenError `usage` for a size that the set can't fill: it would be measured as a smaller one.
 */
export function cellsToMeasure(
  { file, items }: LabelledSetName,
  { sizes, models }: Wish,
  usualModel: string,
): readonly WantedCell[] {
  const unfilled = sizes?.find((size) => size > items);
  if (unfilled !== undefined) {
    throw new RegenError('usage', `--sizes ${unfilled}: ${file} has ${items} items only`, {
      hint: 'Label more items, or leave the size out.',
    });
  }
  const each = sizes ?? usualSizes.filter((size) => size <= items);
  return (models ?? [usualModel]).flatMap((model) => inOrder(each).map((size) => ({ model, size })));
}

/**
 * Those of the stored results, or of them the ones that are named.
 *
 * @throws RegenError `usage` when none of them is.
 */
export function cellsToCheck(
  { cells }: Pick<PackingResults, 'cells'>,
  { sizes, models }: Wish,
): readonly WantedCell[] {
  const wanted = cells
    .filter(({ size, model }) => sizes?.includes(size) !== false && models?.includes(model) !== false)
    .map(({ model, size }) => ({ model, size }));
  if (wanted.length > 0) return wanted;
  throw new RegenError('usage', 'the stored results have none of the sizes and models that are named', {
    hint: `They have ${cells.map(cellName).join(', ')}.`,
  });
}

function inOrder(sizes: readonly number[]): readonly number[] {
  return [...new Set(sizes)].toSorted((left, right) => left - right);
}
