/** Labels over HTTP: one request each, in order, and never twice. */
import { expect, test } from 'vitest';
import { makeFacts, playScene, signal } from './ship-scene.js';
import type { ShipScene } from './ship-scene.js';

const putOn = { method: 'POST', path: /\/issues\/1\/labels$/ };

async function playWithPullRequest(): Promise<ShipScene> {
  const scene = await playScene({
    labels: ['quality:{score}', { atLeast: 50, then: 'ai-approved', else: 'quality-poor' }],
  });
  await scene.pushBranch('regen/charts/bar');
  await scene.forge.create(scene.texts.draft(makeFacts()), signal);
  return scene;
}

test('each label is made known to the repository, then put on with a request of its own, in order', async () => {
  const { forge, github, texts } = await playWithPullRequest();

  for (const label of texts.labels(makeFacts({ score: 88 }))) await forge.addLabel(1, label, signal);

  expect(github.writes()).toEqual([
    'POST /pulls',
    'POST /labels',
    'POST /issues/1/labels',
    'POST /labels',
    'POST /issues/1/labels',
  ]);
  expect(github.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    expect.anything(),
    { name: 'quality:88', color: 'fbca04' },
    { labels: ['quality:88'] },
    { name: 'ai-approved', color: '0e8a16' },
    { labels: ['ai-approved'] },
  ]);
  expect(await forge.labels(1, signal)).toEqual(['quality:88', 'ai-approved']);
});

test('a whole item is shipped without dispatching any workflow', async () => {
  const { forge, github, texts } = await playWithPullRequest();

  await forge.ensureAccess(signal);
  await forge.openByTarget(signal);
  for (const label of texts.labels(makeFacts({ score: 12 }))) await forge.addLabel(1, label, signal);
  await forge.update(1, texts.draft(makeFacts()), signal);

  expect(github.requests.filter(({ path }) => /dispatch|actions|workflow/.test(path))).toEqual([]);
  expect(new Set(github.writes())).toEqual(
    new Set(['POST /pulls', 'POST /labels', 'POST /issues/1/labels', 'PATCH /pulls/1']),
  );
});

test('a label that the repository knows isn’t made again', async () => {
  const { forge, github } = await playWithPullRequest();
  await github.act('POST', '/labels', { name: 'target:%5B%5B', color: '123456' });

  await forge.addLabel(1, 'target:%5B%5B', signal);

  expect(github.writes()).toEqual(['POST /pulls', 'POST /issues/1/labels']);
});

test('a label that somebody else made in the meantime is fine', async () => {
  const { forge, github } = await playWithPullRequest();
  await github.act('POST', '/labels', { name: 'regen', color: '123456' });
  const missing = { kind: 'answer', status: 404, body: { message: 'Not Found' } } as const;
  github.failNext({ method: 'GET', path: /\/labels\/regen$/ }, missing);

  await forge.addLabel(1, 'regen', signal);

  expect(await forge.labels(1, signal)).toEqual(['regen']);
});

test('a label whose answer is lost is looked for and found, not put on again', async () => {
  const { forge, github } = await playWithPullRequest();
  github.failNext({ method: 'POST', path: /charts\/labels$/ }, { kind: 'lost-answer' });
  github.failNext(putOn, { kind: 'lost-answer' });

  await forge.addLabel(1, 'regen', signal);

  expect(github.writes()).toEqual(['POST /pulls', 'POST /labels', 'POST /issues/1/labels']);
  expect(await forge.labels(1, signal)).toEqual(['regen']);
});

test('a label that a broken request didn’t put on is put on after a look', async () => {
  const { forge, github } = await playWithPullRequest();
  github.failNext({ method: 'POST', path: /charts\/labels$/ }, { kind: 'reset', after: 'nothing' });
  github.failNext(putOn, { kind: 'reset', after: 'nothing' });

  await forge.addLabel(1, 'regen', signal);

  expect(github.requests.slice(-4).map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /repos/sample/charts/labels',
    'POST /repos/sample/charts/issues/1/labels',
    'GET /repos/sample/charts/issues/1/labels',
    'POST /repos/sample/charts/issues/1/labels',
  ]);
  expect(await forge.labels(1, signal)).toEqual(['regen']);
});

test('after three broken tries to put a label on, the step is to be run again later', async () => {
  const { forge, github } = await playWithPullRequest();
  const broken = { kind: 'reset', after: 'nothing' } as const;
  github.failNext(putOn, broken, broken, broken);

  const adding = forge.addLabel(1, 'regen', signal);

  await expect(adding).rejects.toMatchObject({
    code: 'wait',
    message: expect.stringMatching(
      /^GitHub didn't answer when asked to put the label regen on #1: /,
    ) as unknown,
  });
});

test('a label is taken off with one request; one that isn’t there any more is no error', async () => {
  const { forge, github } = await playWithPullRequest();
  for (const label of ['kind: one', 'two']) await forge.addLabel(1, label, signal);

  await forge.removeLabel(1, 'kind: one', signal);
  await forge.removeLabel(1, 'kind: one', signal);

  expect(await forge.labels(1, signal)).toEqual(['two']);
  expect(github.writes().slice(-2)).toEqual(
    Array(2).fill(`DELETE /issues/1/labels/${encodeURIComponent('kind: one')}`),
  );
});
