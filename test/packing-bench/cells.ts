import fc from 'fast-check';
import { RegenError } from '../../src/model/errors.js';
import type { PackingCell, PackingResults } from '../../src/model/packing-bench.js';
import { noTokens } from '../../src/model/usage.js';

/** A cell whose first items differ and whose next ones fail; all others agree. */
export function cellWith(facts: Partial<PackingCell> & { differ?: number; fail?: number } = {}): PackingCell {
  const { differ = 0, fail = 0, asked = 100, ...rest } = facts;
  return cellFrom('d'.repeat(differ) + 'f'.repeat(fail) + 'a'.repeat(asked - differ - fail), rest);
}

export function cellFrom(outcomes: string, facts: Partial<PackingCell> = {}): PackingCell {
  const count = (letter: string): number => outcomes.split(letter).length - 1;
  return {
    model: 'haiku',
    size: 1,
    asked: outcomes.length,
    agreed: count('a'),
    failed: count('f'),
    outcomes,
    requests: outcomes.length,
    usage: noTokens,
    costUsd: 1,
    ...facts,
  };
}

/** Cells of one set, each model and size once. */
export const anyCells: fc.Arbitrary<readonly PackingCell[]> = fc
  .integer({ min: 1, max: 120 })
  .chain((asked) => {
    // Mostly right, so that several are about as good.
    const letter = fc.constantFrom('a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'd', 'f');
    const outcomes = fc.oneof(
      fc.constant('a'.repeat(asked)),
      fc.nat(Math.min(asked, 4)).map((wrong) => 'd'.repeat(wrong) + 'a'.repeat(asked - wrong)),
      fc.array(letter, { minLength: asked, maxLength: asked }).map((letters) => letters.join('')),
    );
    const cell = fc
      .record({
        outcomes,
        model: fc.constantFrom('haiku', 'sonnet', 'local'),
        size: fc.constantFrom(1, 5, 10, 20, 40),
        costUsd: fc.option(fc.double({ min: 0, max: 5, noNaN: true }), { nil: null, freq: 4 }),
      })
      .map(({ outcomes: letters, ...facts }) => cellFrom(letters, facts));
    return fc.uniqueArray(cell, {
      minLength: 1,
      maxLength: 10,
      selector: ({ model, size }) => `${model} ${size}`,
    });
  });

export function resultsWith(
  cells: readonly PackingCell[],
  facts: Partial<PackingResults> = {},
): PackingResults {
  return {
    v: 1,
    at: '2026-11-22T10:00:00.000Z',
    set: { file: 'labels.jsonl', hash: 'abcdef0123', items: cells[0]?.asked ?? 0 },
    target: 'guide',
    agreement: 'normal',
    cells,
    recommendation: { model: 'haiku', size: 1, why: 'it is.' },
    ...facts,
  };
}

/** What a run that must stop says. */
export function refusalOf(run: () => unknown): RegenError {
  try {
    run();
  } catch (error) {
    if (error instanceof RegenError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
