/** Our side of a pull request over HTTP, against the emulated GitHub with real commits behind it. */
import { expect, test } from 'vitest';
import { formatMarker } from '../../src/ship/marker.js';
import { makeFacts, otherUuid, playScene, signal, uuid } from './ship-scene.js';
import type { ShipScene } from './ship-scene.js';

const branch = 'regen/charts/bar';

function query(
  headSha: string,
  more: { readonly earlier?: readonly string[]; readonly number?: number } = {},
) {
  return { branch, headSha, attempt: uuid, earlier: more.earlier ?? [], number: more.number ?? null };
}

/** An open pull request of another attempt, as its clone would have made it. */
async function openEarlier({ forge, texts }: ShipScene): Promise<void> {
  await forge.create(texts.draft(makeFacts({ attempt: otherUuid })), signal);
}

test('what is created is found again by its marker and by its number, with its commit and state', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  const sha = await scene.pushBranch(branch);

  const before = await forge.find(query(sha), signal);
  const made = await forge.create(texts.draft(makeFacts()), signal);
  const byMarker = await forge.find(query('0'.repeat(40)), signal);
  const byNumber = await forge.find(query('0'.repeat(40), { number: made.number }), signal);

  const expected = {
    number: 1,
    url: made.url,
    branch,
    state: 'open',
    headSha: sha,
    body: texts.draft(makeFacts()).body,
  };
  expect(before).toBeNull();
  expect(made).toEqual({
    number: 1,
    url: expect.stringMatching(/\/sample\/charts\/pull\/1$/) as unknown,
    branch,
  });
  expect(byMarker).toEqual(expected);
  expect(byNumber).toEqual(expected);
  expect(github.requests[1]).toMatchObject({
    method: 'POST',
    path: '/repos/sample/charts/pulls',
    body: { title: 'regen(charts): bar', head: branch, base: 'main', body: expected.body },
  });
});

test('the pull requests of a branch are asked for by owner and branch, whatever their state', async () => {
  const { forge, github } = await playScene();

  await forge.find({ ...query('0'.repeat(40)), branch: 'regen/charts/%5B%5B' }, signal);

  expect(github.requests.map(({ query: asked }) => asked)).toEqual([
    {
      state: 'all',
      head: 'sample:regen/charts/%5B%5B',
      sort: 'created',
      direction: 'asc',
      per_page: '100',
      page: '1',
    },
  ]);
});

test('one that a person opened from our commit is found by the commit', async () => {
  const scene = await playScene();
  const sha = await scene.pushBranch(branch);
  await scene.github.act('POST', '/pulls', { title: 'Mine', head: branch, base: 'main', body: null });

  const found = await scene.forge.find(query(sha), signal);

  expect(found).toMatchObject({ number: 1, state: 'open', headSha: sha, body: '' });
});

test('an open one of an earlier attempt is found, and updated instead of a second one', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  await scene.pushBranch(branch);
  await openEarlier(scene);

  const found = await forge.find(query('0'.repeat(40), { earlier: [otherUuid] }), signal);
  const updated = await forge.update(1, texts.draft(makeFacts({ changeRequests: ['bluer'] })), signal);

  expect(found).toMatchObject({ number: 1, state: 'open' });
  expect(updated).toEqual({ number: 1, url: found?.url, branch });
  expect(await github.pullRequests()).toEqual([
    expect.objectContaining({ number: 1, body: texts.draft(makeFacts({ changeRequests: ['bluer'] })).body }),
  ]);
});

test('last month’s merged and closed ones from the same branch don’t count', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  await scene.pushBranch(branch, 'last month\n');
  await openEarlier(scene);
  await github.merge(1);
  await openEarlier(scene);
  await github.closePullRequest(2);

  const sha = await scene.pushBranch(branch, 'today\n');
  const found = await forge.find(query(sha, { earlier: [otherUuid] }), signal);
  const made = await forge.create(texts.draft(makeFacts()), signal);

  expect(found).toBeNull();
  expect(made.number).toBe(3);
});

test.each([
  ['merged', 'merge'],
  ['closed', 'closePullRequest'],
] as const)('ours, meanwhile %s by a person, is found as such', async (state, act) => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  const sha = await scene.pushBranch(branch);
  const { number } = await forge.create(texts.draft(makeFacts()), signal);
  await github[act](number);

  expect(await forge.find(query(sha, { number }), signal)).toMatchObject({ number, state });
  expect(await forge.find(query(sha), signal)).toMatchObject({ number, state });
});

test('an open one of somebody else on our branch is reported and left alone', async () => {
  const scene = await playScene();
  await scene.pushBranch(branch);
  await openEarlier(scene);

  const finding = scene.forge.find(query('0'.repeat(40)), signal);

  await expect(finding).rejects.toMatchObject({
    code: 'item',
    message: expect.stringMatching(
      /^Pull request #1 from regen\/charts\/bar is open, and no attempt of ours opened it: http/,
    ) as unknown,
    hint: 'close or merge it, or choose another ship.branch',
  });
});

test('a duplicate refused by GitHub is taken as made when its marker is this attempt’s', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  await scene.pushBranch(branch);
  const first = await forge.create(texts.draft(makeFacts()), signal);

  const second = await forge.create(texts.draft(makeFacts()), signal);

  expect(second).toEqual(first);
  expect(await github.pullRequests()).toHaveLength(1);
});

test('a duplicate refused by GitHub is reported when somebody else made it', async () => {
  const scene = await playScene();
  await scene.pushBranch(branch);
  await openEarlier(scene);

  const creating = scene.forge.create(scene.texts.draft(makeFacts()), signal);

  await expect(creating).rejects.toMatchObject({
    code: 'item',
    message: expect.stringContaining('Pull request #1 from regen/charts/bar is open') as unknown,
  });
});

test('a pull request from a branch that isn’t on the remote is refused with GitHub’s reason', async () => {
  const { forge, texts } = await playScene();

  const creating = forge.create(texts.draft(makeFacts()), signal);

  await expect(creating).rejects.toMatchObject({
    code: 'item',
    message:
      'GitHub refuses to open a pull request from regen/charts/bar into main: ' +
      '422 Validation Failed: PullRequest head invalid',
  });
});

test.each([{ kind: 'lost-answer' }, { kind: 'reset', after: 'effect' }] as const)(
  'a pull request whose answer is lost (%o) is found, not made twice',
  async (fault) => {
    const scene = await playScene();
    const { forge, github, texts } = scene;
    await scene.pushBranch(branch);
    github.failNext({ method: 'POST', path: /\/pulls$/ }, fault);

    const made = await forge.create(texts.draft(makeFacts()), signal);

    expect(made.number).toBe(1);
    expect(await github.pullRequests()).toHaveLength(1);
    expect(github.writes()).toEqual(['POST /pulls']);
  },
);

test('a pull request that a broken request didn’t make is made after a look', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  await scene.pushBranch(branch);
  github.failNext({ method: 'POST', path: /\/pulls$/ }, { kind: 'reset', after: 'nothing' });

  const made = await forge.create(texts.draft(makeFacts()), signal);

  expect(made.number).toBe(1);
  expect(github.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
});

test('after three broken tries to make one, the step is to be run again later', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  await scene.pushBranch(branch);
  const broken = { kind: 'answer', status: 503, body: { message: 'Unavailable' } } as const;
  github.failNext({ method: 'POST', path: /\/pulls$/ }, broken, broken, broken);

  const creating = forge.create(texts.draft(makeFacts()), signal);

  await expect(creating).rejects.toMatchObject({
    code: 'wait',
    message: `GitHub didn't answer when asked to open a pull request from ${branch} into main: 503 Unavailable`,
  });
  expect(github.writes()).toHaveLength(3);
});

test('open pull requests are counted by the target of their marker, any clone’s, on all pages', async () => {
  const { forge, github } = await playScene();
  const marker = (target: string) => formatMarker({ attempt: otherUuid, target, item: 'i' });
  const body = (number: number) => (number % 2 === 0 ? marker('pages/common') : 'by hand');
  for (let number = 1; number <= 101; number++) {
    await github.act('POST', '/pulls', { title: 't', head: `b${number}`, base: 'main', body: body(number) });
  }
  await github.act('POST', '/pulls', { title: 't', head: 'b102', base: 'main', body: marker('linux') });
  await github.closePullRequest(2);

  const open = await forge.openByTarget(signal);

  const even = Array.from({ length: 49 }, (_, index) => 2 * index + 4);
  expect(open).toEqual(
    new Map([
      ['pages/common', even],
      ['linux', [102]],
    ]),
  );
  expect(github.requests.map(({ query: { page } }) => page)).toEqual(['1', '2']);
});

test('a fork’s pull request with our marker counts for nothing', async () => {
  const { forge, github } = await playScene();
  const fork = {
    number: 7,
    html_url: 'u',
    state: 'open',
    merged_at: null,
    body: formatMarker({ attempt: uuid, target: 'charts', item: 'bar' }),
    head: { ref: branch, sha: 'a'.repeat(40), repo: { full_name: 'stranger/charts' } },
  };
  const gone = { ...fork, number: 8, head: { ...fork.head, repo: null } };
  const list = { kind: 'answer', status: 200, body: [fork, gone] } as const;
  github.failNext({ method: 'GET', path: /\/pulls$/ }, list, list);

  expect(await forge.openByTarget(signal)).toEqual(new Map());
  expect(await forge.find(query('a'.repeat(40)), signal)).toBeNull();
});

test('a list that GitHub didn’t filter is filtered here', async () => {
  const scene = await playScene();
  const sha = await scene.pushBranch('another');
  await scene.github.act('POST', '/pulls', { title: 't', head: 'another', base: 'main', body: null });
  const { forge, github } = scene;
  const unfiltered = {
    number: 1,
    html_url: 'u',
    state: 'open',
    head: { ref: 'another', sha, repo: { full_name: 'Sample/Charts' } },
  };
  github.failNext({ method: 'GET', path: /\/pulls$/ }, { kind: 'answer', status: 200, body: [unfiltered] });

  expect(await forge.find(query(sha), signal)).toBeNull();
});
