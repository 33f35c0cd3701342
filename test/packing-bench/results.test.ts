import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packingReport } from '../../src/packing-bench/report.js';
import { demandSameSet, packingResultsText, readPackingResults } from '../../src/packing-bench/results.js';
import { anyCells, cellFrom, cellWith, resultsWith, refusalOf } from './cells.js';

describe('the stored results', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const results = resultsWith(cells);

        expect(readPackingResults(packingResultsText(results))).toEqual(results);
      }),
    );
  });

  it('may recommend nothing', () => {
    const recommendation = { model: null, size: null, why: 'nothing agrees.' };
    const results = resultsWith([cellWith({ differ: 100 })], { recommendation });

    expect(readPackingResults(packingResultsText(results))).toEqual(results);
  });

  const sound = resultsWith([cellWith({ asked: 3 })]);
  it.each<[string, string, unknown]>([
    ['what is cut off', packingResultsText(sound).slice(0, 40), /^\.regen\/bench\/packing\.json is no JSON$/],
    ['another version', JSON.stringify({ ...sound, v: 2 }), /is of version 2; this regen reads version 1$/],
    ['something else', '[]', /holds no results of a packing bench: /],
    ['no cell', JSON.stringify({ ...sound, cells: [] }), /: cells: /],
    [
      'a cell twice',
      JSON.stringify({ ...sound, cells: [...sound.cells, cellWith({ asked: 3, differ: 1 })] }),
      /: cells: has haiku at 1 per call twice$/,
    ],
    [
      'counts that were changed',
      JSON.stringify(resultsWith([{ ...cellWith({ asked: 3 }), agreed: 2 }])),
      /: cells\.0: has counts that its outcomes don’t add up to$/,
    ],
  ])('are refused when they are %s', (_what, content, message) => {
    expect(refusalOf(() => readPackingResults(content))).toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message as RegExp) as unknown,
    });
  });

  it('are compared with the same set alone', () => {
    const set = { file: 'a.jsonl', hash: 'abcdef0123', items: 3 };

    expect(() => {
      demandSameSet(set, { ...set, file: 'moved.jsonl' });
    }).not.toThrow();
    expect(
      refusalOf(() => {
        demandSameSet(set, { file: 'a.jsonl', hash: '0123456789', items: 4 });
      }),
    ).toMatchObject({
      code: 'usage',
      message:
        'the stored results are of another set: a.jsonl with 3 items (abcdef0), and not a.jsonl with 4 items (0123456)',
      hint: 'Run "regen bench packing" without --check to measure this set and store its results.',
    });
  });
});

it('a report has each model’s rows by size, beside its smallest', () => {
  const [small, large] = [cellFrom('aaad', { size: 2 }), cellFrom('ddda', { size: 8, costUsd: 0.25 })];
  const local = cellFrom('aaaa', { model: 'local', costUsd: null });

  const { models } = packingReport(resultsWith([large, local, small]));

  expect(models.map(({ model, rows }) => [model, rows.map(({ cell }) => cell.size)])).toEqual([
    ['haiku', [2, 8]],
    ['local', [1]],
  ]);
  expect(models[0]?.rows).toMatchObject([
    { agreement: 0.75, usdPerItem: 0.25, relativeCost: 1, against: null },
    {
      agreement: 0.25,
      usdPerItem: 0.0625,
      relativeCost: 0.25,
      against: { size: 2, lost: 3, gained: 1, p: 0.625 },
    },
  ]);
  expect(models[1]?.rows).toMatchObject([
    { agreement: 1, usdPerItem: null, relativeCost: null, against: null },
  ]);
});
