/** The table in a pull request and the books behind it: real ledger and journals, and the forge on loopback. */
import { randomUUID } from 'node:crypto';
import { onTestFinished, expect, test } from 'vitest';
import type { MessageRow } from '../../src/model/ledger.js';
import type { Surroundings } from '../../src/model/surroundings.js';
import { createJournals } from '../../src/step/journal-files.js';
import type { Journal } from '../../src/step/journal.js';
import type { Line } from '../../src/step/stage.js';
import { refreshTables, tableHash, tableOf, tokensKey } from '../../src/step/token-tables.js';
import { createLedger } from '../../src/usage/ledger.js';
import { makeConfig, makeFacts, playScene, signal } from '../ship/ship-scene.js';
import { makeScratch } from '../support/scratch.js';

const plan = { plan: '20260502T140000Z', target: 'charts' };

/** An item that was shipped with its table, and a forge that has seen no request since. */
async function makeScene(ship: Readonly<Record<string, unknown>> = {}) {
  const scratch = await makeScratch();
  onTestFinished(() => scratch[Symbol.asyncDispose]());
  const scene = await playScene();
  const { forge, github, texts } = scene;
  const said: string[] = [];
  const surroundings: Surroundings = {
    root: scratch.folder,
    env: {},
    now: () => new Date(),
    newId: randomUUID,
    progress: (line, importance) => {
      if (importance === undefined) said.push(line);
    },
  };
  const ledger = createLedger({ surroundings, prices: {} });
  const journals = createJournals(surroundings);
  const stations = { ledger, texts, forge: () => Promise.resolve(forge) } as unknown as Line['stations']; // the rest isn't asked
  const line: Line = { config: makeConfig(ship), stations, journals, surroundings };

  const journal = await journals.open({ ...plan, item: 'bar', base: '0'.repeat(40) });
  const { attempt } = journal;
  await scene.pushBranch('regen/charts/bar');
  await ledger.book([message(attempt.uuid, 'm1')]);
  const table = await tableOf(line, attempt);
  const pr = await forge.create(texts.draft(makeFacts({ attempt: attempt.uuid, tokens: table })), signal);
  await journal.append({ stage: 'ship', round: 0, effect: 'pr' }, 'end', { ...pr });
  await journal.append(tokensKey(0), 'end', { hash: tableHash(line, table) });
  const before = github.requests.length;
  return {
    ...{ forge, github, journal, ledger, line, said },
    refresh: () => refreshTables(line, plan, signal),
    requests: () => github.requests.slice(before).map(({ method }) => method),
    body: async () => (await github.pullRequests())[0]?.body ?? '',
  };
}

function message(attempt: string, id: string): MessageRow {
  return {
    v: 2,
    kind: 'message',
    ...{ at: '2026-05-02T14:00:00.000Z', ...plan, item: 'bar', stage: 'agent', round: 0, attempt },
    ...{ session: 's1', message: id, model: 'claude-sonnet-5', input: 10, output: 1, cacheRead: 0 },
    ...{ cacheWrite5m: 0, cacheWrite1h: 0, costUsd: 0.01, prefixHash: null },
    ...{ isSidechain: false, isEstimate: false },
  };
}

async function bookOneMore({ journal, ledger }: { journal: Journal; ledger: Line['stations']['ledger'] }) {
  await ledger.book([message(journal.attempt.uuid, randomUUID())]);
}

test('a table that says what the books say costs no request', async () => {
  const scene = await makeScene();

  await scene.refresh();

  expect(scene.requests()).toEqual([]);
});

test('what is booked later is written once', async () => {
  const scene = await makeScene();
  await bookOneMore(scene);

  await scene.refresh();
  await scene.refresh();

  expect(scene.requests()).toEqual(['GET', 'PATCH']);
  expect(await scene.body()).toMatch(/\| agent \| 20 \| 2 \| 0 \| 0 \| 1 \| 2 \|/);
});

test('a record that was lost costs a look, and no write', async () => {
  const scene = await makeScene();
  await scene.journal.append(tokensKey(0), 'end', {});

  await scene.refresh();
  await scene.refresh();

  expect(scene.requests()).toEqual(['GET']);
});

test.each(['merged', 'closed'] as const)(
  'a pull request that was %s isn’t touched, and not asked after again',
  async (state) => {
    const scene = await makeScene();
    await bookOneMore(scene);
    await (state === 'merged' ? scene.github.merge(1) : scene.github.closePullRequest(1));
    const before = await scene.body();

    await scene.refresh();
    await scene.refresh();

    expect(scene.requests()).toEqual(['GET']);
    expect(await scene.body()).toBe(before);
  },
);

test('a table whose marker a person took out is left as it is, and a line says so, once', async () => {
  const scene = await makeScene();
  await bookOneMore(scene);
  const body = (await scene.body()).replace('<!-- regen:tokens end -->', '');
  await scene.github.act('PATCH', '/pulls/1', { body });

  await scene.refresh();
  await scene.refresh();

  expect(scene.requests()).toEqual(['GET']);
  expect(await scene.body()).toBe(body);
  expect(scene.said).toEqual([
    expect.stringMatching(
      /^bar: the token table in http\S+ is left as it is: one of its markers \(regen:tokens\) is gone$/,
    ),
  ]);
});

test('a table that was out of reach for a while is brought up to date when it is back', async () => {
  const scene = await makeScene();
  const whole = await scene.body();
  const outOfReach = [
    { state: 'closed' },
    { state: 'open', body: whole.replace('<!-- regen:tokens begin -->', '') },
    { body: 'Taken out.' },
  ];

  for (const change of outOfReach) {
    await scene.github.act('PATCH', '/pulls/1', change);
    await bookOneMore(scene);
    await scene.refresh();
  }
  await scene.github.act('PATCH', '/pulls/1', { body: whole });
  await bookOneMore(scene);
  await scene.refresh();

  expect(scene.requests()).toEqual(['GET', 'GET', 'GET', 'GET', 'PATCH']);
  expect(await scene.body()).toContain('| agent | 50 |');
});

test('what the forge refuses is said, and tried again the next time', async () => {
  const scene = await makeScene();
  await bookOneMore(scene);
  scene.github.failNext(
    { method: 'PATCH', path: /pulls/ },
    { kind: 'answer', status: 422, body: { message: 'Validation Failed' } },
  );

  await scene.refresh();
  const after = await scene.body();
  await scene.refresh();

  expect(scene.said[0]).toMatch(/^a token table could not be brought up to date: .*422 Validation Failed/);
  expect(after).toContain('| agent | 10 |');
  expect(await scene.body()).toContain('| agent | 20 |');
});

test('only what goes to a forge has a table there', async () => {
  const scene = await makeScene({ to: 'branch' });
  await bookOneMore(scene);

  await scene.refresh();

  expect(scene.requests()).toEqual([]);
});
