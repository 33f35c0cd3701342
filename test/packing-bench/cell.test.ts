import { describe, expect, it } from 'vitest';
import { noTokens } from '../../src/model/usage.js';
import { isAgreement } from '../../src/packing-bench/agreement.js';
import { cellOf } from '../../src/packing-bench/cell.js';

describe('agreement', () => {
  it.each([
    [' a \n b\t', ['a b'], true],
    ['caf\u00e9', ['cafe\u0301'], true],
    ['b', ['a', 'b'], true],
    [5, ['5'], true],
    [true, ['true'], true],
    ['A', ['a'], false],
    ['', ['a'], false],
    [null, ['null'], false],
    [{ label: 'a' }, ['a'], false],
    [undefined, [''], false],
  ])('of %j with %j: %s', (result, accept, wanted) => {
    expect(isAgreement(result, { accept })).toBe(wanted);
  });

  it('counts every character in exact mode', () => {
    expect(isAgreement('a b', { accept: ['x', 'a b'] }, 'exact')).toBe(true);
    expect(isAgreement('a  b', { accept: ['a b'] }, 'exact')).toBe(false);
    expect(isAgreement('caf\u00e9', { accept: ['cafe\u0301'] }, 'exact')).toBe(false);
  });
});

it('a run comes to counts, and a letter per item in the set’s order', () => {
  const entries = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: id, kind: null, accept: ['yes'] }));
  const run = { model: 'haiku', size: 10, requests: 2, usage: noTokens, costUsd: null };
  const results = new Map<string, unknown>([
    ['d', ' yes'],
    ['c', undefined],
    ['a', 'yes'],
    ['z', 'yes'],
  ]);

  expect(cellOf(entries, { ...run, results })).toEqual({
    ...run,
    asked: 4,
    agreed: 2,
    failed: 1,
    outcomes: 'afda',
  });
  expect(cellOf(entries, { ...run, results }, 'exact').outcomes).toBe('afdd');
});
