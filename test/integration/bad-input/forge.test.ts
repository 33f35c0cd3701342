import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedPort } from '../../support/closed-port.js';
import type { TestForge } from '../../support/forge.js';
import { startForge } from '../../support/forge.js';
import type { GitHttp } from '../../support/git-http.js';
import { startGitHttp } from '../../support/git-http.js';
import { poemConfig, poemFiles, poet } from '../../support/poems.js';
import { refusalOf } from '../../support/refusal.js';
import { tracesOf } from '../../support/traces.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

const config = poemConfig({ ship: '  to: github\n  repository: o/r' });
const needs = 'Put a token into GITHUB_TOKEN that may write contents and pull requests of the repository.';

let world: World;
let forge: TestForge;
let http: GitHttp;

beforeAll(async () => {
  world = await makeWorld({ files: poemFiles, config, script: poet() });
  const { remote } = world.repository;
  forge = await startForge({ owner: 'o', repo: 'r', remote });
  http = await startGitHttp({ remote, path: '/o/r.git' });
  await world.regen(['plan', 'autumn']);
});

afterAll(async () => {
  await forge.stop();
  await http.stop();
  await world[Symbol.asyncDispose]();
});

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  GITHUB_API_URL: forge.apiUrl,
  ...more,
});

describe('a forge that doesn’t let us in', () => {
  it('costs nothing either when the attempt began without one', async () => {
    const absent = poemConfig().replace('agent:\n', 'agent:\n  command: [no-such-agent]\n');
    await using own = await makeWorld({ files: poemFiles, config: absent, script: poet() });
    await own.regen(['plan', 'autumn']);
    const notReady = await own.regen(['--json']);
    await own.write({ 'regen.yaml': config });

    const refusal = await refusalOf(own, []);

    expect(notReady.exitCode).toBe(3);
    expect(refusal).toMatchObject({ exit: 3, message: expect.stringContaining('No GitHub token') as string });
    expect(own.model.requests).toEqual([]);
  });

  it.each([
    {
      name: 'no token',
      env: {},
      message: 'No GitHub token: neither GITHUB_TOKEN nor GH_TOKEN is set.',
      hint: `${needs} Or set ship.to to branch or local.`,
    },
    {
      name: 'an empty token',
      env: { GITHUB_TOKEN: '', GH_TOKEN: ' ' },
      message: 'No GitHub token: neither GITHUB_TOKEN nor GH_TOKEN is set.',
      hint: `${needs} Or set ship.to to branch or local.`,
    },
    {
      name: 'a token that is refused',
      env: { GITHUB_TOKEN: 'wrong-token' },
      message: "GitHub doesn't accept the token: 401 Bad credentials",
      hint: needs,
    },
    {
      name: 'two lines for a token',
      env: { GITHUB_TOKEN: 'wrong\ntoken' },
      message: 'The GitHub token is none: it holds blanks or line breaks.',
      hint: needs,
    },
    {
      name: 'an address that is none',
      env: { GITHUB_TOKEN: 'wrong-token', GITHUB_API_URL: 'the forge' },
      message: 'GITHUB_API_URL is no http or https URL: the forge',
      hint: 'Unset it for github.com; for GitHub Enterprise it ends in /api/v3.',
    },
  ])('costs nothing: $name', async ({ env, message, hint }) => {
    const refusal = await refusalOf(world, [], environment(env));

    expect(refusal).toEqual({ exit: 3, code: 'environment', message, hint });
    expect(world.model.requests).toEqual([]);
    expect(forge.writes()).toEqual([]);
  });

  it('costs nothing when the repository can’t be seen, or not be written', async () => {
    const env = environment({ GITHUB_TOKEN: forge.token });
    const answer = (status: number, message: string) =>
      ({ kind: 'answer', status, body: { message } }) as const;
    const show = { method: 'GET', path: /^\/repos\/o\/r$/ };
    forge.failNext(show, answer(404, 'Not Found'), answer(404, 'Not Found'));
    const unseen = await refusalOf(world, [], env);
    forge.failNext(show, answer(403, 'Resource not accessible'), answer(403, 'Resource not accessible'));
    const unwritable = await refusalOf(world, [], env);

    expect([unseen, unwritable]).toEqual([
      {
        exit: 3,
        code: 'environment',
        message: 'GitHub has nothing there when asked to show o/r: 404 Not Found',
        hint: 'Check ship.repository, and that the token may see the repository.',
      },
      {
        exit: 3,
        code: 'environment',
        message: "GitHub doesn't let the token do this in o/r: 403 Resource not accessible",
        hint: needs,
      },
    ]);
  });

  it('is waited for when it doesn’t answer', async () => {
    const before = await tracesOf(world);
    const url = `http://127.0.0.1:${await closedPort()}`;

    const run = await world.regen(['--json'], { GITHUB_API_URL: url, GITHUB_TOKEN: forge.token });

    expect(await tracesOf(world)).toEqual(before);
    expect(run).toMatchObject({ exitCode: 75, document: { item: 'bold', outcome: 'waiting', remaining: 3 } });
    await world.write({ '.regen/wait.json': null }); // the tests below don't wait
  });
});

describe('a remote that names no repository of a forge', () => {
  it('asks for ship.repository', async () => {
    await world.write({ 'regen.yaml': poemConfig({ ship: '  to: github' }) });

    const refusal = await refusalOf(world, [], environment({ GITHUB_TOKEN: forge.token }));
    await world.write({ 'regen.yaml': config });

    expect(refusal).toEqual({
      exit: 2,
      code: 'config',
      message: `No GitHub repository to open pull requests in: the remote is ${world.repository.remote}.`,
      hint: 'Set ship.repository to owner/name in regen.yaml, or ship.to to branch or local.',
    });
  });
});

describe('a token as files give it, with a line feed at its end', () => {
  it('opens the forge and pushes', async () => {
    await world.repository.git('remote', 'set-url', 'origin', http.url);

    const step = await world.regen(['--json'], environment({ GITHUB_TOKEN: `${forge.token}\n` }));

    expect(step).toMatchObject({
      exitCode: 0,
      document: { item: 'bold', outcome: 'shipped', pr: { number: 1 } },
    });
    expect(http.requests.find(({ path }) => path.endsWith('/git-receive-pack'))?.credentials).toBe(
      `x-access-token:${forge.token}`,
    );
  });
});
