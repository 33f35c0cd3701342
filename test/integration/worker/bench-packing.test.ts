/** `regen bench packing`: the built program and the provider's own client against a scripted endpoint. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { AskScript } from '../../../src/demo/model/conversation.js';
import { packScript } from '../../../src/demo/model/packs.js';
import type { PackScript } from '../../../src/demo/model/packs.js';
import { failWith, refuse, say } from '../../../src/demo/model/reply.js';
import { readPackingResults } from '../../../src/packing-bench/results.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World, WorldLiteral } from '../../support/world.js';

const stored = '.regen/bench/packing.json';

/** Labels are the texts in capitals. */
function labels(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const text = `text ${index + 1}`;
    return JSON.stringify({ id: `t-${index + 1}`, text, expected: text.toUpperCase() });
  });
  return `${lines.join('\n')}\n`;
}

/** Right for the first blocks of a call, and careless with the rest. */
function careful(upTo: () => number): PackScript['answer'] {
  return ({ id, text }) => (Number(id) <= upTo() ? text.toUpperCase() : text);
}

/** What only warms the cache up holds no block. */
function script(answer: PackScript['answer'], more: Partial<PackScript> = {}): AskScript {
  return packScript({ answer, other: () => say('.'), ...more });
}

async function benchWorld(
  answers: AskScript,
  { items = 40, ...literal }: Partial<WorldLiteral> & { readonly items?: number } = {},
): Promise<World> {
  const world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 1 }),
    config: guideConfig(),
    script: answers,
    ...literal,
  });
  await world.write({ 'labels.jsonl': labels(items) });
  return world;
}

const bench = ['bench', 'packing', '--set', 'labels.jsonl'];

describe('regen bench packing', () => {
  it('recommends the largest size that is as good as one by one, stores it, and finds a regression later', async () => {
    let upTo = 20;
    await using world = await benchWorld(script(careful(() => upTo)));

    const measured = await world.regen([...bench, '--sizes', '1,10,20,40', '--json']);

    expect(measured).toMatchObject({ exitCode: 0 });
    expect(measured.document).toMatchObject({
      set: { file: 'labels.jsonl', items: 40 },
      ...{ target: 'guide', agreement: 'normal', file: stored, check: null, stopped: null },
      models: [
        {
          model: 'haiku',
          rows: [
            { cell: { size: 1, agreed: 40, failed: 0, requests: 40 }, agreement: 1, relativeCost: 1 },
            { cell: { size: 10, agreed: 40, requests: 4 } },
            { cell: { size: 20, agreed: 40, requests: 2 } },
            { cell: { size: 40, agreed: 20, failed: 0, requests: 1 }, against: { size: 1, lost: 20 } },
          ],
        },
      ],
      recommendation: { model: 'haiku', size: 20 },
    });
    expect(measured.stderr).toContain('haiku at 40 per call: 50.0 % agreement');
    const content = (await world.read(stored)) ?? '';
    expect(readPackingResults(content)).toMatchObject({ recommendation: { size: 20 }, target: 'guide' });

    const same = await world.regen(['bench', 'packing', '--check', '--sizes', '20,40']);
    upTo = 10;
    const worse = await world.regen(['bench', 'packing', '--check', '--sizes', '10,20,40', '--json']);

    expect(same).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('No regression since') as unknown,
    });
    expect(worse.exitCode).toBe(1);
    expect(worse.document).toMatchObject({
      check: {
        regressions: [
          expect.stringMatching(/^haiku at 20 per call: agreement fell from 100.0 % to 50.0 %/),
          expect.stringMatching(/^haiku at 40 per call: agreement fell from 50.0 % to 25.0 %/),
        ],
      },
    });
    expect(await world.read(stored)).toBe(content);
  });

  it('asks as a step would, from a cache that is warm for every size, and spends no plan’s money', async () => {
    const config = guideConfig({ more: 'budget: { dayUsd: 0.000001 }\n' });
    await using world = await benchWorld(script(careful(() => 99)), { config, items: 6 });

    const run = await world.regen([...bench, '--sizes', '2,6', '--json']);
    const cost = await world.regen(['cost', '--by', 'stage', '--json']);
    const planned = await world.regen(['--json']);

    const [warmUp, first] = world.model.bill;
    expect(run.document).toMatchObject({
      models: [
        { rows: [{ cell: { usage: { cacheWrite5m: 0 } } }, { cell: { usage: { cacheWrite5m: 0 } } }] },
      ],
    });
    expect(warmUp?.tokens.cacheWrite5m).toBeGreaterThan(1000);
    expect(first?.tokens.cacheRead).toBe(warmUp?.tokens.cacheWrite5m);
    expect(cost.document).toMatchObject({ groups: [{ key: 'bench', usage: { requests: 5 } }] });
    expect(planned.document).toMatchObject({ outcome: 'planned' });
    expect(await world.repository.git('status', '--porcelain', '--', '.regen')).toBe('');
  });

  it('counts what an answer lacks as failed, and asks for nothing twice', async () => {
    const answers = script(
      careful(() => 99),
      {
        faults: ({ ids }) => (ids.length === 4 ? 'missing' : ids.length === 8 ? 'cut' : null),
      },
    );
    await using world = await benchWorld(answers, { items: 8 });

    const run = await world.regen([...bench, '--sizes', '2,4,8', '--json']);

    expect(run.document).toMatchObject({
      models: [
        {
          rows: [
            { cell: { size: 2, failed: 0, requests: 4, outcomes: 'aaaaaaaa' } },
            { cell: { size: 4, failed: 2, requests: 2, outcomes: 'aaafaaaf' } },
            { cell: { size: 8, requests: 1, outcomes: expect.stringMatching(/^a{2,6}f+$/) as unknown } },
          ],
        },
      ],
    });
  });

  it('sends the reference documents that a step would send, and asks nothing where they have to say something', async () => {
    const answers = script(careful(() => 99));
    const search = "{ documents: ['reference/*.md'], use: always, onMiss: fail, leastCoverage: 0.1 }";
    await using world = await benchWorld(answers, {
      files: {
        ...guideFiles({ pages: 1, paragraphs: 1 }),
        'reference/words.md': '# Words\n\n## text\n\nA text is what is written: text 1, text 2.\n',
      },
      config: guideConfig({ worker: 'prewarm: false', more: `retrieval: ${search}\n` }),
    });
    const entries = ['text 1', 'zebra'].map((text) => ({ id: text, text, expected: text.toUpperCase() }));
    await world.write({ 'labels.jsonl': entries.map((entry) => JSON.stringify(entry)).join('\n') });

    const run = await world.regen([...bench, '--sizes', '1', '--json']);

    expect(run.document).toMatchObject({ models: [{ rows: [{ cell: { outcomes: 'af', requests: 1 } }] }] });
    expect(run.stderr).toContain('nothing is asked about 1 item');
    const [asked] = world.model.requests.flatMap(({ scripted }) => scripted?.request.body.messages ?? []);
    expect(JSON.stringify(asked)).toContain('A text is what is written');
  });

  it('takes null for the text as it is, and a refusal for a failure of all that was asked', async () => {
    const kept = JSON.stringify({ results: [{ id: '1', result: null }] });
    await using world = await benchWorld(
      ({ body }) => (JSON.stringify(body.messages).includes('as it is') ? say(kept) : refuse()),
      { config: guideConfig({ worker: 'prewarm: false' }) },
    );
    const entries = [
      { id: 'a', text: 'as it is', expected: 'as it is' },
      { id: 'b', text: 'as it is, but wrong', expected: 'right' },
      { id: 'c', text: 'not to be said', expected: 'anything' },
    ];
    await world.write({ 'labels.jsonl': entries.map((entry) => JSON.stringify(entry)).join('\n') });

    const run = await world.regen([...bench, '--sizes', '1', '--json']);

    expect(run.document).toMatchObject({ models: [{ rows: [{ cell: { outcomes: 'adf', requests: 3 } }] }] });
    expect(run.stderr).toContain('a call about 1 item: refused by the model');
  });

  it('keeps what was measured when the money runs out, and leaves out what was begun', async () => {
    const config = guideConfig({ worker: 'maxOutput: 256, prewarm: false' });
    await using world = await benchWorld(script(careful(() => 99)), { config, items: 4 });
    const args = [...bench, '--sizes', '2,4', '--models', 'haiku,opus', '--max-usd'];

    const run = await world.regen([...args, '0.01', '--json']);
    const quiet = await world.regen([...args, '0.01', '--quiet']);
    const nothing = await world.regen([...args, '0.00001']);

    expect(run.exitCode).toBe(75);
    expect(run.stderr).toContain('opus at 2 per call was not measured to its end, and is left out');
    expect(run.document).toMatchObject({
      models: [{ model: 'haiku', rows: [{ cell: { size: 2 } }, { cell: { size: 4 } }] }],
      stopped: {
        code: 'wait',
        message: expect.stringMatching(/^--max-usd 0\.01: .* a call of opus may cost/) as unknown,
      },
    });
    expect(quiet).toMatchObject({
      exitCode: 75,
      stderr: expect.stringMatching(/^regen: --max-usd 0\.01/) as unknown,
    });
    expect(nothing).toMatchObject({ exitCode: 75, stdout: '' });
    expect(readPackingResults((await world.read(stored)) ?? '').cells).toHaveLength(2);
  });

  it('says aloud that a model has no price, and can’t keep to a sum then', async () => {
    await using world = await benchWorld(script(careful(() => 99)), { items: 4 });
    const args = [...bench, '--sizes', '4', '--models', 'house-model'];

    const run = await world.regen(args);
    const watched = await world.regen([...args, '--max-usd', '1']);

    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('house-model has no known price: what it costs can’t be told');
    expect(run.stdout).toContain('nothing as good has a known price');
    expect(watched.exitCode).toBe(2);
    expect(watched.stderr).toContain('--max-usd can’t be watched: house-model has no known price');
  });

  it('ends with 130 on SIGINT; what a killed one paid for is booked by the next', async () => {
    const answers = script(careful(() => 99));
    let hanging: (() => void) | null = null;
    const config = guideConfig({ worker: 'prewarm: false' });
    await using world = await benchWorld(
      (request) => {
        if (hanging === null) return answers(request);
        hanging();
        return { kind: 'silence' };
      },
      { config, items: 2 },
    );
    const endBy = async (signal: NodeJS.Signals): Promise<readonly unknown[]> => {
      const asked = new Promise<void>((resolve) => (hanging = resolve));
      const child = world.start([...bench, '--sizes', '2']);
      const ended = once(child, 'exit');
      await asked;
      child.kill(signal);
      return ended;
    };

    const interrupted = await endBy('SIGINT');
    const killed = await endBy('SIGKILL');
    hanging = null;
    const next = await world.regen([...bench, '--sizes', '2', '--json']);
    const ledger = (await world.read('.regen/ledger.jsonl')) ?? '';

    expect([interrupted, killed]).toEqual([
      [130, null],
      [null, 'SIGKILL'],
    ]);
    expect(next).toMatchObject({ exitCode: 0, document: { models: [{ rows: [{ cell: { agreed: 2 } }] }] } });
    expect(ledger.match(/"outcome":"\w+"/g)).toEqual([
      '"outcome":"interrupted"',
      '"outcome":"killed"',
      '"outcome":"completed"',
    ]);
  });

  it('waits for an API that is busy, as long as it says, and gives up in the end', async () => {
    let busy = 4;
    const answers = script(careful(() => 99));
    await using world = await benchWorld(
      (request) => {
        busy -= 1;
        return busy >= 0
          ? failWith(429, 'Slow down.', { 'retry-after': '0', 'retry-after-ms': '1' })
          : answers(request);
      },
      { config: guideConfig({ worker: 'prewarm: false' }), items: 2 },
    );

    const patient = await world.regen([...bench, '--sizes', '2', '--json']);
    busy = 100;
    const givenUp = await world.regen([...bench, '--sizes', '2', '--json']);

    expect(patient).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('asks again in') as unknown,
      document: { models: [{ rows: [{ cell: { agreed: 2, requests: 2 } }] }] },
    });
    expect(givenUp).toMatchObject({ exitCode: 75, document: { error: { code: 'wait' }, exit: 75 } });
  });

  it('recommends nothing where nothing is right, and takes no folder for a set or a store', async () => {
    await using world = await benchWorld(
      script(({ text }) => text),
      { items: 2 },
    );

    const run = await world.regen([...bench, '--sizes', '2', '--json']);
    const folder = await world.regen(['bench', 'packing', '--set', 'docs', '--json']);
    const store = await world.regen(['bench', 'packing', '--check', '-o', 'docs', '--json']);

    expect(run.document).toMatchObject({ recommendation: { model: null, size: null } });
    expect(folder.document).toMatchObject({
      error: {
        code: 'usage',
        message: 'the labelled set docs is a folder',
        hint: 'Name the labelled set with --set: a file of JSON lines.',
      },
      exit: 2,
    });
    expect(store.exitCode).toBe(2);
  });

  it('checks the question that was stored, from wherever it is called, and no other', async () => {
    await using world = await benchWorld(script(careful(() => 99)), { items: 2 });
    const args = ['bench', 'packing', '-o', 'packing.json'];
    await world.regen([...args, '--set', 'labels.jsonl', '--sizes', '2']);

    const inside = await world.regen([
      '--cwd',
      'docs',
      'bench',
      'packing',
      '-o',
      '../packing.json',
      '--check',
    ]);
    const exact = await world.regen([...args, '--check', '--exact']);
    await world.write({ 'labels.jsonl': labels(3) });
    const other = await world.regen([...args, '--check']);

    expect(inside).toMatchObject({ exitCode: 0 });
    expect([exact.exitCode, other.exitCode]).toEqual([2, 2]);
    expect(exact.stderr).toContain('--exact: the stored results were not compared exactly');
    expect(other.stderr).toContain('the stored results are of another set: labels.jsonl with 2 items');
    expect(await world.read(stored)).toBeNull();
  });
});
