import { expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { overspentItems } from '../../src/step/budget.js';
import { overspent } from '../../src/step/overspent.js';
import { createLedger } from '../../src/usage/ledger.js';
import { messageRow, writeLedger } from '../support/ledger-rows.js';
import { makeScratch } from '../support/scratch.js';

it('an item whose parts have come to the limit is over it, and nothing is without a limit', () => {
  const shares = new Map([
    ['a', 0.5],
    ['b', 0.49],
    ['d', 2],
  ]);

  expect(overspent(['d', 'c', 'b', 'a'], shares, 0.5)).toEqual(['d', 'a']);
  expect(overspent(['a', 'd'], shares, undefined)).toEqual([]);
});

async function itemsOver(prices: Parameters<typeof createLedger>[0]['prices'], itemUsd?: number) {
  await using scratch = await makeScratch();
  const row = messageRow({ item: null, stage: 'worker', attempt: 'pack-1', sharedBy: ['one', 'two'] });
  await writeLedger(scratch.folder, [
    { ...row, message: 'm1', costUsd: 1 },
    { ...row, message: 'm2', costUsd: null, model: 'mine', input: 1_000_000 },
    { ...row, message: 'm3', sharedBy: ['three'], costUsd: 0.25 },
  ]);
  const surroundings = {
    ...{ root: scratch.folder, env: {}, progress: () => undefined, newId: () => 'id' },
    now: () => new Date('2026-11-20T12:00:00Z'),
  };
  const books = {
    config: { budget: { itemUsd, itemAttempts: 3 } },
    stations: { ledger: createLedger({ surroundings, prices }) },
    surroundings,
  };
  const plan = { key: '20261120T080000Z', target: 'alpha' };
  const asked = ['one', 'two', 'three', 'four'];
  // Nothing else of a config is looked at.
  return await overspentItems(books as unknown as Parameters<typeof overspentItems>[0], plan, asked);
}

it('what a pack took counts in parts, also what has got its price since', async () => {
  const prices = { mine: { input: 1, output: 1 } };

  expect(await itemsOver(prices, 1)).toEqual(['one', 'two']);
  expect(await itemsOver(prices, 0.25)).toEqual(['one', 'two', 'three']);
  expect(await itemsOver(prices)).toEqual([]);
});

it('what nobody can count is an error', async () => {
  const asked = itemsOver({}, 1);

  await expect(asked).rejects.toThrow(RegenError);
  await expect(asked).rejects.toThrow('budget.itemUsd can’t be watched: mine was paid for, and has no price');
});
