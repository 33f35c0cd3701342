import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textDigest } from '../../../src/system/work-digests.js';
import type { PackLine } from '../../../src/step/packs/context.js';
import { historyOf, settledOf } from '../../../src/step/packs/history.js';
import { markSettled, settlePack } from '../../../src/step/packs/settle.js';
import type { Reply } from '../../../src/step/packs/settle.js';
import { readGood } from '../../../src/step/good-work.js';
import { makeScratch } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';
import { answered, cutAt, memoryLine, replyOf } from './pack-line.js';
import type { MemoryLine } from './pack-line.js';
import { at, memoryPack } from './packs.js';
import type { MemoryPack } from './packs.js';

const pages = { one: 'First.\n\nSecond.\n', two: '# Two\n\nThird.\n\nFourth.\n' };
let scratch: Scratch;

beforeEach(async () => {
  scratch = await makeScratch();
});

afterEach(() => scratch[Symbol.asyncDispose]());

const ids = ['one#1', 'one#2', 'two#1', 'two#2'];

interface Settling {
  readonly members?: readonly string[];
  readonly earlier?: readonly MemoryPack[];
}

async function settledWith(line: MemoryLine, reply: Reply, { members = ids, earlier = [] }: Settling = {}) {
  const pack = memoryPack({ number: earlier.length + 1, members });
  const items = members.flatMap((id, index) => {
    const item = line.packLine.items.get(id);
    return item === undefined ? [] : [{ id: String(index + 1), item }];
  });
  const settled = await settlePack(line.packLine, pack, { items, reply, history: historyOf(earlier) });
  return { pack, settled };
}

const good = (line: MemoryLine, ...results: readonly (readonly [string, string])[]) =>
  results.map(([id, result]) => ({
    ...{ id, result },
    asked: textDigest(line.packLine.items.get(id)?.block.text ?? ''),
  }));

describe('an answer', () => {
  it('is kept item by item, with the text that it was asked for', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });

    const { settled, pack } = await settledWith(
      line,
      answered([
        ['4', 'Fourth!'],
        ['1', 'First!'],
        ['2', null],
        ['3', 'Third.'],
      ]),
    );

    expect(settled).toEqual({
      good: good(line, ['one#1', 'First!'], ['two#2', 'Fourth!']),
      kept: ['one#2', 'two#1'],
      ...{ again: [], failed: [], reasons: {} },
      call: { characters: 700, inputTokens: 300, outputTokens: 90 },
    });
    expect(settledOf(pack.reread())).toEqual(settled);
  });

  it('counts once: who settles again gets what was settled', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const { pack, settled } = await settledWith(
      line,
      answered(ids.map((_, index) => [`${index + 1}`, null])),
    );

    const again = await settlePack(line.packLine, pack.reread(), {
      ...{ items: [], reply: answered([]), history: new Map() },
    });

    expect(again).toEqual(settled);
  });

  it('applies nothing that isn’t for a block that was asked about', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });

    const { settled } = await settledWith(
      line,
      answered([
        ['1', 'First!'],
        ['3', 'Not for it.'],
        ['one#2', 'By its id.'],
      ]),
      { members: ['one#1', 'one#2'] },
    );

    expect(settled).toMatchObject({ good: good(line, ['one#1', 'First!']), again: [['one#2']] });
    expect(line.lines).toEqual([
      'pack 1: the answer has a result for "3", which wasn’t asked',
      'pack 1: the answer has a result for "one#2", which wasn’t asked',
    ]);
  });

  it('says nothing of a result for what was asked about and isn’t there any more', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const answer = answered([
      ['1', 'First!'],
      ['2', 'Gone.'],
    ]);

    const { settled } = await settledWith(line, answer, { members: ['one#1', 'one#9'] });

    expect(settled).toMatchObject({ good: good(line, ['one#1', 'First!']), again: [] });
    expect(line.lines).toEqual([]);
  });

  it('keeps a block apart whose result would change more than it, whatever the others of its file are', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });

    const { settled } = await settledWith(
      line,
      answered([
        ['1', 'First!\n\nAnd a second.'],
        ['2', 'Second!'],
        ['3', '# A heading'],
        ['4', 'Fourth!'],
      ]),
    );

    expect(settled.good).toEqual(good(line, ['one#2', 'Second!'], ['two#2', 'Fourth!']));
    expect(settled.again).toEqual([['one#1'], ['two#1']]);
    expect(settled.reasons).toEqual({
      'one#1': expect.stringMatching(/^the result /) as unknown,
      'two#1': expect.stringMatching(/^the result /) as unknown,
    });
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n\t'],
    ['a number', 7],
    ['a list', ['First!']],
    ['nothing', undefined],
  ])('that is %s is no result', async (_what, result) => {
    const line = await memoryLine(pages, { root: scratch.folder });

    const { settled } = await settledWith(line, answered([['1', result]]), { members: ['one#1'] });

    expect(settled).toMatchObject({ good: [], kept: [], again: [['one#1']], failed: [] });
  });

  it('that was cut off ticks what came', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const results = [
      ['1', 'First!'],
      ['2', 'Second!'],
      ['3', 'Third!'],
      ['4', 'Fourth!'],
    ] as const;
    const third = JSON.stringify({ results: results.map(([id, result]) => ({ id, result })) }).indexOf(
      'Third',
    );

    const { settled } = await settledWith(line, cutAt(results, third));

    expect(settled).toMatchObject({
      good: good(line, ['one#1', 'First!'], ['one#2', 'Second!']),
      ...{ again: [['two#1'], ['two#2']], call: null },
    });
  });

  it('of which nothing came halves the pack, and says why', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });

    const { settled } = await settledWith(line, cutAt([['1', 'First!']], 9));

    expect(settled).toMatchObject({ good: [], again: [ids.slice(0, 2), ids.slice(2)], call: null });
    expect(settled.reasons['one#1']).toContain('at its limit');
  });

  it('that never comes for an item alone fails it the second time', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const refusal = replyOf({ kind: 'failed', failure: 'refusal', detail: 'the model declined' });
    const alone = { members: ['one#1'] };

    const first = await settledWith(line, refusal, alone);
    const second = await settledWith(line, refusal, { ...alone, earlier: [first.pack] });

    expect(first.settled).toMatchObject({ again: [['one#1']], failed: [] });
    expect(second.settled.again).toEqual([]);
    expect(second.settled.failed).toEqual([
      { id: 'one#1', reason: expect.stringMatching(/declined; asked alone twice$/) as unknown },
    ]);
  });
});

describe('what an answer marks by itself', () => {
  const outcome = answered([
    ['1', null],
    ['2', 'Second!'],
  ]);
  const members = ['one#1', 'one#2'];

  it('are items that stay as they are: skipped, with the reason in the log', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const { pack, settled } = await settledWith(line, outcome, { members });

    await markSettled(line.packLine, pack, settled);

    expect([line.states.get('one#1'), line.states.get('one#2')]).toEqual(['skipped', 'todo']);
    expect(line.log).toEqual([
      'one#1: unchanged: the model left it as it was (pack 1) (2026-05-02T14:00:00Z)',
    ]);
  });

  it('are noted as good as they stand, before the marks: the next plan leaves them out', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const { pack, settled } = await settledWith(line, outcome, { members });
    const killed = { ...line.packLine, line: withoutMarks(line) };

    await expect(markSettled(killed, pack, settled)).rejects.toThrow('killed');
    await markSettled(line.packLine, pack.reread(), settled);

    const digest = textDigest('First.');
    const { surroundings } = line.packLine.line;
    expect(await readGood(surroundings, 'guide')).toEqual([
      { item: 'one#1', at, asked: expect.any(String) as unknown, before: digest, after: digest },
    ]);
  });

  it('are failures where unchanged is one', async () => {
    const line = await memoryLine(pages, { root: scratch.folder, unchanged: 'fail' });
    const { pack, settled } = await settledWith(line, outcome, { members });

    await markSettled(line.packLine, pack, settled);

    expect(line.log).toEqual([
      'one#1: FAILED: unchanged: the model left it as it was (pack 1) (2026-05-02T14:00:00Z)',
    ]);
    expect(line.states.get('one#1')).toBe('failed');
    expect(await readGood(line.packLine.line.surroundings, 'guide')).toEqual([]);
  });

  it('is marked once: what a person sets back afterwards stays so', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const { pack, settled } = await settledWith(line, outcome, { members });
    await markSettled(line.packLine, pack, settled);
    line.states.set('one#1', 'todo');

    await markSettled(line.packLine, pack.reread(), settled);

    expect(line.states.get('one#1')).toBe('todo');
    expect(line.log).toHaveLength(1);
  });

  it('leaves alone what a person has marked meanwhile', async () => {
    const line = await memoryLine(pages, { root: scratch.folder });
    const { pack, settled } = await settledWith(line, outcome, { members });
    line.states.set('one#1', 'done');

    await markSettled(line.packLine, pack, settled);

    expect([line.states.get('one#1'), line.log]).toEqual(['done', []]);
  });
});

/** A kill comes before the marks are made. */
function withoutMarks({ packLine: { line } }: MemoryLine): PackLine['line'] {
  const plans = { ...line.stations.plans, markAll: () => Promise.reject(new Error('killed')) };
  return { ...line, stations: { ...line.stations, plans } };
}
