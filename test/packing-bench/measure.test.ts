import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { noUsage } from '../../src/model/usage.js';
import { measure } from '../../src/packing-bench/measure.js';
import type { BenchQuestion, MeasurePorts } from '../../src/packing-bench/measure.js';
import { cellsToCheck, cellsToMeasure } from '../../src/packing-bench/wanted.js';
import { cellWith, refusalOf } from './cells.js';

const entries = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: id, kind: null, accept: [id] }));

/** Answers everything rightly until the call of that number. */
function ports(until = Infinity) {
  const [asked, said]: [BenchQuestion[], string[]] = [[], []];
  const own: MeasurePorts = {
    ask: (question) => {
      asked.push(question);
      if (asked.length >= until) return Promise.reject(new RegenError('wait', 'busy'));
      const results = new Map(question.items.map(({ id, text }) => [id, text]));
      return Promise.resolve({ results, usage: { ...noUsage, requests: 1, input: 10, costUsd: 0.5 } });
    },
    split: (items, size) => items.flatMap((_, at) => (at % size === 0 ? [items.slice(at, at + size)] : [])),
    progress: (line) => said.push(line),
  };
  return { asked, said, own };
}

const wanted = [
  { model: 'haiku', size: 2 },
  { model: 'haiku', size: 4 },
  { model: 'sonnet', size: 4 },
];

describe('measuring', () => {
  it('asks about the whole set for each cell, and says how many calls of the model follow', async () => {
    const { asked, said, own } = ports();

    const { cells, stopped } = await measure({ entries, wanted, mode: 'normal' }, own);

    expect(asked.map(({ model, items, callsToCome }) => [model, items.length, callsToCome])).toEqual([
      ['haiku', 2, 3],
      ['haiku', 2, 2],
      ['haiku', 4, 1],
      ['sonnet', 4, 1],
    ]);
    expect(stopped).toBeNull();
    expect(cells).toMatchObject([
      { ...wanted[0], outcomes: 'aaaa', requests: 2, costUsd: 1, usage: { input: 20 } },
      { ...wanted[1], requests: 1, costUsd: 0.5 },
      { ...wanted[2], requests: 1 },
    ]);
    expect(said.slice(0, 2)).toEqual([
      'haiku at 2 per call: 2 calls',
      'haiku at 2 per call: 100.0 % agreement, $1.00',
    ]);
  });

  it('keeps whole cells when it has to stop, and nothing of the one that was begun', async () => {
    const { said, own } = ports(3);

    const { cells, stopped } = await measure({ entries, wanted, mode: 'normal' }, own);

    expect(cells.map(({ model, size }) => ({ model, size }))).toEqual([wanted[0]]);
    expect(stopped).toMatchObject({ code: 'wait', message: 'busy' });
    expect(said.at(-1)).toBe('haiku at 4 per call was not measured to its end, and is left out');
  });

  it('fails when no cell is whole', async () => {
    await expect(measure({ entries, wanted, mode: 'normal' }, ports(2).own)).rejects.toThrow('busy');
  });
});

describe('what is measured', () => {
  const set = { file: 'labels.jsonl', hash: 'f', items: 12 };
  const usual = { sizes: null, models: null };

  it('is the usual sizes that the set can fill, with the worker’s model', () => {
    expect(cellsToMeasure(set, usual, 'haiku').map(({ model, size }) => `${model} ${size}`)).toEqual([
      'haiku 1',
      'haiku 5',
      'haiku 10',
    ]);
    expect(cellsToMeasure(set, { sizes: [4, 2, 4], models: ['a', 'b'] }, 'haiku')).toEqual([
      { model: 'a', size: 2 },
      { model: 'a', size: 4 },
      { model: 'b', size: 2 },
      { model: 'b', size: 4 },
    ]);
    expect(refusalOf(() => cellsToMeasure(set, { ...usual, sizes: [13] }, 'haiku'))).toMatchObject({
      code: 'usage',
    });
  });

  it('is what was stored, or a part of it, in a check', () => {
    const cells = [cellWith(), cellWith({ size: 5 }), cellWith({ model: 'sonnet', size: 5 })];

    expect(cellsToCheck({ cells }, usual)).toHaveLength(3);
    expect(cellsToCheck({ cells }, { sizes: [5], models: ['sonnet'] })).toEqual([
      { model: 'sonnet', size: 5 },
    ]);
    expect(refusalOf(() => cellsToCheck({ cells }, { ...usual, sizes: [7] }))).toMatchObject({
      code: 'usage',
      hint: 'They have haiku at 1 per call, haiku at 5 per call, sonnet at 5 per call.',
    });
  });
});
