import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GoodWork } from '../../src/model/good-work.js';
import { keepGoodBlocks, readGood } from '../../src/step/good-work.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import { surroundingsOf } from '../pick/surroundings.js';

const good = (item: string, change: Partial<GoodWork> = {}): GoodWork => ({
  ...{ item, at: '2026-03-04T05:06:07Z', asked: 'words', before: 'one', after: 'two' },
  ...change,
});

describe('good work on blocks', () => {
  let scratch: Scratch;
  const keep = (...notes: readonly GoodWork[]) =>
    keepGoodBlocks(surroundings(), { target: 'guide', file: 'page', notes });
  const surroundings = () => surroundingsOf({ root: scratch.folder });
  const folder = () => path.join(scratch.folder, '.regen', 'good', 'guide');

  beforeEach(async () => {
    scratch = await makeScratch();
  });

  afterEach(() => scratch[Symbol.asyncDispose]());

  it('is kept for every text that stood in a place', async () => {
    const [first, second] = [good('page#1'), good('page#1', { before: 'three', after: 'four' })];

    await keep(first);
    await keep(second);

    expect(await readGood(surroundings(), 'guide')).toEqual([first, second]);
    expect(await readdir(folder())).toEqual(['page%23']);
  });

  it('is noted once in the same words', async () => {
    await keep(good('page#1'), good('page#2'));
    await keep(good('page#2', { at: '2026-04-05T06:07:08Z' }), good('page#3'));

    expect((await readGood(surroundings(), 'guide')).map(({ item }) => item)).toEqual([
      'page#1',
      'page#2',
      'page#3',
    ]);
  });

  it('is read beside what older versions noted by ids, and what a kill left of a line is nothing', async () => {
    const { item, ...older } = good('page#usage/2');
    await mkdir(folder(), { recursive: true });
    await writeFile(path.join(folder(), 'page%23usage%2F2'), `${JSON.stringify(older)}\n`);
    await writeFile(path.join(folder(), 'page%23'), '{"at":"2026-03-04T05');

    await keep(good('page#1'));

    const found = await readGood(surroundings(), 'guide');
    expect(found.toSorted((one, other) => (one.item < other.item ? -1 : 1))).toEqual([
      good('page#1'),
      { item, ...older },
    ]);
  });
});
