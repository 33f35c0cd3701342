/** Tokens, limits, outages and interruptions. */
import { performance } from 'node:perf_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { labelsSchema } from '../../src/ship/answers.js';
import { createForge } from '../../src/ship/forge.js';
import { createGitHub } from '../../src/ship/github.js';
import { startForge } from '../support/forge.js';
import { makeConfig, makeFacts, makeSurroundings, playScene, signal } from './ship-scene.js';

const list = { method: 'GET', path: /\/pulls$/ };
const broken = { kind: 'answer', status: 502, body: { message: 'Server Error' } } as const;

test('without a token nothing is asked, and the error says which variable to set', async () => {
  const { github } = await playScene();
  const surroundings = makeSurroundings({ GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: ' ', GH_TOKEN: '' });
  const forge = createForge({ surroundings, config: makeConfig(), remoteUrl: null });

  const asking = forge.ensureAccess(signal);

  await expect(asking).rejects.toMatchObject({
    code: 'environment',
    message: 'No GitHub token: neither GITHUB_TOKEN nor GH_TOKEN is set.',
    hint:
      'Put a token into GITHUB_TOKEN that may write contents and pull requests of the repository. ' +
      'Or set ship.to to branch or local.',
  });
  expect(github.requests).toEqual([]);
});

test('a token in GH_TOKEN does as well', async () => {
  const { github } = await playScene();
  const surroundings = makeSurroundings({ GITHUB_API_URL: github.apiUrl, GH_TOKEN: `${github.token}\n` });

  await createForge({ surroundings, config: makeConfig(), remoteUrl: null }).ensureAccess(signal);

  expect(github.requests.map(({ path }) => path)).toEqual(['/repos/sample/charts']);
});

test('a token that GitHub doesn’t know is an error of the environment, and is nowhere in the error', async () => {
  const { github } = await playScene();
  const surroundings = makeSurroundings({ GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: 'a-wrong-one' });
  const forge = createForge({ surroundings, config: makeConfig(), remoteUrl: null });

  const error: unknown = await forge.ensureAccess(signal).catch((reason: unknown) => reason);

  expect(error).toMatchObject({
    code: 'environment',
    message: "GitHub doesn't accept the token: 401 Bad credentials",
  });
  expect(error instanceof RegenError && JSON.stringify(error.cause)).not.toContain('a-wrong-one');
  expect(github.requests).toHaveLength(1);
});

test('a token that may not write is an error of the environment', async () => {
  const { forge, github } = await playScene();
  const body = { message: 'Resource not accessible by personal access token' };
  github.failNext({ method: 'POST', path: /\/labels$/ }, { kind: 'answer', status: 403, body });

  const adding = forge.addLabel(1, 'regen', signal);

  await expect(adding).rejects.toMatchObject({
    code: 'environment',
    message: `GitHub doesn't let the token do this in sample/charts: 403 ${body.message}`,
    hint: 'Put a token into GITHUB_TOKEN that may write contents and pull requests of the repository.',
  });
});

test.each([
  [{ permissions: { push: false } }, 'may not be written to with this token'],
  [{ archived: true }, 'is archived'],
])('access is refused for a repository with %o', async (facts, why) => {
  const { forge, github } = await playScene();
  const body = { full_name: 'sample/charts', ...facts };
  github.failNext({ method: 'GET', path: /charts$/ }, { kind: 'answer', status: 200, body });

  await expect(forge.ensureAccess(signal)).rejects.toMatchObject({
    code: 'environment',
    message: `The repository sample/charts ${why}.`,
  });
});

test('a repository that has moved is an error of the config that names its new name', async () => {
  const { forge, github } = await playScene();
  const body = { full_name: 'sample/diagrams' };
  github.failNext({ method: 'GET', path: /charts$/ }, { kind: 'answer', status: 200, body });

  await expect(forge.ensureAccess(signal)).rejects.toMatchObject({
    code: 'config',
    hint: "Set ship.repository to sample/diagrams, or the remote's URL.",
  });
});

test('a repository that isn’t there is an error of the environment', async () => {
  const { forge } = await playScene({ repository: 'sample/nothing' });

  await expect(forge.ensureAccess(signal)).rejects.toMatchObject({
    code: 'environment',
    message: 'GitHub has nothing there when asked to show sample/nothing: 404 Not Found',
  });
});

test('a secondary limit is waited for as long as it says, and the refused write is sent again', async () => {
  const scene = await playScene();
  const { forge, github, texts, lines } = scene;
  await scene.pushBranch('regen/charts/bar');
  github.failNext({ method: 'POST', path: /\/pulls$/ }, { kind: 'secondary-limit', retryAfter: 1 });
  const start = performance.now();

  const made = await forge.create(texts.draft(makeFacts()), signal);

  expect(made.number).toBe(1);
  expect(performance.now() - start).toBeGreaterThan(990);
  expect(lines).toEqual(["GitHub's rate limit: waiting 1 s"]);
  expect(github.writes()).toEqual(['POST /pulls', 'POST /pulls']);
});

test('a limit that lasts longer than a minute stops the step and says when to go on', async () => {
  const { forge, github } = await playScene();
  const reset = new Date(Date.now() + 1_800_000);
  github.failNext(list, { kind: 'primary-limit', reset });

  const error: unknown = await forge.openByTarget(signal).catch((reason: unknown) => reason);

  expect(error).toMatchObject({
    code: 'wait',
    message: "GitHub's rate limit is used up: 403 API rate limit exceeded for user ID 1.",
  });
  const retryAt = error instanceof RegenError ? (error.retryAt?.getTime() ?? 0) : 0;
  expect(Math.abs(retryAt - reset.getTime())).toBeLessThan(2000);
  expect(github.requests).toHaveLength(1);
});

test('a primary limit that is over by now is waited for a second', async () => {
  const { forge, github } = await playScene();
  github.failNext(list, { kind: 'primary-limit', reset: new Date(Date.now() - 5000) });

  expect(await forge.openByTarget(signal)).toEqual(new Map());
  expect(github.requests).toHaveLength(2);
});

test('a limit that comes back again and again ends as one to wait for', async () => {
  const { forge, github } = await playScene();
  const limit = { kind: 'secondary-limit', retryAfter: 0 } as const;
  github.failNext(list, limit, limit, limit, limit);

  await expect(forge.openByTarget(signal)).rejects.toMatchObject({ code: 'wait' });
  expect(github.requests).toHaveLength(4);
});

test('reading goes through two outages', async () => {
  const { forge, github } = await playScene();
  github.failNext(list, broken, { kind: 'reset', after: 'nothing' });

  expect(await forge.openByTarget(signal)).toEqual(new Map());
  expect(github.requests).toHaveLength(3);
});

test('a longer outage is one to wait for', async () => {
  const { forge, github } = await playScene();
  github.failNext(list, broken, broken, broken);

  await expect(forge.openByTarget(signal)).rejects.toMatchObject({
    code: 'wait',
    message: "GitHub didn't answer when asked to list pull requests: 502 Server Error",
  });
  expect(github.requests).toHaveLength(3);
});

test('an update, which may be sent twice, goes through an outage', async () => {
  const scene = await playScene();
  const { forge, github, texts } = scene;
  await scene.pushBranch('regen/charts/bar');
  await forge.create(texts.draft(makeFacts()), signal);
  github.failNext({ method: 'PATCH', path: /\/pulls\/1$/ }, broken);

  expect(await forge.update(1, texts.draft(makeFacts()), signal)).toMatchObject({ number: 1 });
});

test('a server that is gone is one to wait for', async () => {
  const { forge, github } = await playScene();
  await github.stop();

  await expect(forge.openByTarget(signal)).rejects.toMatchObject({
    code: 'wait',
    message: expect.stringMatching(
      /^GitHub didn't answer when asked to list pull requests: connect ECONNREFUSED/,
    ) as unknown,
  });
});

test('an answer that isn’t GitHub’s says where it differs', async () => {
  const { forge, github } = await playScene();
  github.failNext(list, { kind: 'answer', status: 200, body: [{ number: 'one' }] });

  await expect(forge.openByTarget(signal)).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(
      /^The answer to GET \/repos\/\{owner\}\/\{repo\}\/pulls isn't GitHub's: 0\.number: /,
    ) as unknown,
    hint: 'Check that GITHUB_API_URL is the address of a GitHub API.',
  });
});

test.each([
  ['a wait for a limit', { kind: 'secondary-limit', retryAfter: 50 }],
  ['a request', { kind: 'hang' }],
] as const)('%s ends with the signal, and its reason is thrown', async (_, fault) => {
  const { forge, github } = await playScene();
  const interruption = new AbortController();
  const reason = new RegenError('interrupted', 'SIGINT');
  github.failNext(list, fault);

  const asking = forge.openByTarget(interruption.signal);
  const outcome = expect(asking).rejects.toBe(reason);
  await expect.poll(() => github.requests.length).toBe(1);
  interruption.abort(reason);

  await outcome;
  expect(github.requests).toHaveLength(1);
});

test('away from loopback a second passes between two writes', async () => {
  const { github: remote } = await playScene();
  const surroundings = makeSurroundings({ GITHUB_TOKEN: remote.token });
  const repository = { owner: 'sample', name: 'charts' };
  const github = createGitHub({ surroundings, repository, apiUrl: remote.apiUrl, isPaced: true });
  await remote.act('POST', '/issues', { title: 'An issue' });

  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  for (const label of ['a', 'b']) {
    await github.ask({ route, parameters: { issue_number: 1, labels: [label] } }, labelsSchema, signal);
  }

  const [first = 0, second = 0] = remote.requests.map(({ at }) => at);
  expect(second - first).toBeGreaterThan(950);
});

test('a forge that only accepts its own token is what these tests stand on', async () => {
  const forge = await startForge({ owner: 'o', repo: 'r', remote: '/nowhere', token: 'right' });
  onTestFinished(() => forge.stop());

  const response = await fetch(`${forge.apiUrl}/repos/o/r`, { headers: { authorization: 'token wrong' } });

  expect(response.status).toBe(401);
});
