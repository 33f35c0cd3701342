import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closedPort } from '../../support/closed-port.js';
import { startGitHttp } from '../../support/git-http.js';
import { poemConfig, poemFiles } from '../../support/poems.js';
import { refusalOf } from '../../support/refusal.js';
import { tracesOf } from '../../support/traces.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

const addHint = 'It has no remote at all: git remote add origin <URL>.';

let world: World;

beforeAll(async () => {
  world = await makeWorld({ files: poemFiles, config: poemConfig() });
});

afterAll(() => world[Symbol.asyncDispose]());

const git = (...args: readonly string[]) => world.repository.git(...args);

describe('before there is a plan', () => {
  it('a repository without a remote is told how to get one', async () => {
    await git('remote', 'remove', 'origin');

    const refusals = [
      await refusalOf(world, []),
      await refusalOf(world, ['plan', '--dry-run']),
      await refusalOf(world, ['autumn']),
    ];
    await git('remote', 'add', 'origin', world.repository.remote);

    const message = 'base origin/main: the repository has no remote named origin';
    expect(refusals).toEqual(Array(3).fill({ exit: 3, code: 'environment', message, hint: addHint }));
  });

  it('a remote of another name is named', async () => {
    await world.write({ 'regen.yaml': `base: upstream/main\n${poemConfig()}` });

    const refusal = await refusalOf(world, []);
    await world.write({ 'regen.yaml': poemConfig() });

    expect(refusal).toEqual({
      exit: 3,
      code: 'environment',
      message: 'base upstream/main: the repository has no remote named upstream',
      hint: 'It has origin: set base in regen.yaml, or git remote add upstream <URL>.',
    });
  });

  it('a branch that the remote lacks is named', async () => {
    await world.write({ 'regen.yaml': `base: origin/trunk\n${poemConfig()}` });

    const refusal = await refusalOf(world, ['plan']);
    await world.write({ 'regen.yaml': poemConfig() });

    expect(refusal).toEqual({
      exit: 3,
      code: 'environment',
      message: "origin has no branch trunk: couldn't find remote ref refs/heads/trunk",
      hint: 'Push it, or set base in regen.yaml; git ls-remote --heads origin lists what is there.',
    });
  });

  it('a dry run, which doesn’t fetch, says what was never fetched', async () => {
    await git('update-ref', '-d', 'refs/remotes/origin/main');

    const refusal = await refusalOf(world, ['plan', '--dry-run']);

    expect(refusal).toEqual({
      exit: 3,
      code: 'environment',
      message: 'origin/main was never fetched',
      hint: 'git fetch origin main',
    });
  });

  it('an address where nothing is, is shown', async () => {
    await git('remote', 'set-url', 'origin', `${world.repository.remote}-elsewhere`);

    const refusal = await refusalOf(world, []);
    await git('remote', 'set-url', 'origin', world.repository.remote);

    expect(refusal).toMatchObject({
      exit: 3,
      code: 'environment',
      hint: 'See that the address is right: git remote get-url origin.',
    });
    expect(refusal.message).toContain(
      `fetching origin/main failed: '${world.repository.remote}-elsewhere' does not appear to be a git repository`,
    );
  });

  it('a remote that asks for a login is told of without the password', async () => {
    const http = await startGitHttp({
      remote: world.repository.remote,
      path: '/o/r.git',
      credentials: { user: 'somebody', password: 'right-password' },
    });
    await git('remote', 'set-url', 'origin', http.url.replace('//', '//somebody:wrong-password@'));

    const refusal = await refusalOf(world, []);
    await git('remote', 'set-url', 'origin', world.repository.remote);
    await http.stop();

    expect(refusal).toMatchObject({
      exit: 3,
      code: 'environment',
      hint: 'Give git access to origin: "git fetch origin" must work without asking anything.',
    });
    expect(refusal.message).toMatch(/^fetching origin\/main failed: /);
    expect(JSON.stringify(refusal)).not.toContain('wrong-password');
  });
});

describe('a remote that doesn’t answer', () => {
  let url: string;

  beforeAll(async () => {
    url = `http://127.0.0.1:${await closedPort()}/o/r.git`;
  });

  beforeEach(() => git('remote', 'set-url', 'origin', world.repository.remote));

  it.each([
    { line: 'regen', again: /^Run regen again at or after 20\S+Z\.$/ },
    { line: 'regen plan', again: /^Run regen again later\.$/ },
  ])('is waited for: "$line"', async ({ line, again }) => {
    await git('remote', 'set-url', 'origin', url);
    const args = line.split(' ').slice(1);
    const before = await tracesOf(world);

    const person = await world.regen(args);
    const script = await world.regen([...args, '--json']);

    expect(await tracesOf(world)).toEqual(before);
    expect(script).toMatchObject({
      exitCode: 75,
      document: { mode: 'plan', target: null, item: null, outcome: 'waiting', attempt: null },
    });
    expect(script.document).toHaveProperty(
      'reason',
      expect.stringMatching(
        /^fetching origin\/main failed: .*127\.0\.0\.1.*\. Nothing was changed; run regen again when the remote answers\.$/,
      ),
    );
    expect(person).toMatchObject({ exitCode: 75, stderr: '' });
    const [reason, next] = person.stdout.split('\n');
    expect(reason).toMatch(/^Waiting: fetching origin\/main failed: /);
    expect(next).toMatch(again);
  });

  it('leaves the item as it was', async () => {
    await world.regen(['plan', 'autumn']);
    await git('remote', 'set-url', 'origin', url);
    const before = await tracesOf(world);

    const run = await world.regen(['--json']);

    expect(await tracesOf(world)).toEqual(before);
    expect(run).toMatchObject({
      exitCode: 75,
      document: { mode: 'execute', target: 'autumn', item: 'bold', outcome: 'waiting', remaining: 3 },
    });
  });

  it('doesn’t keep a plan from being dropped', async () => {
    await git('remote', 'set-url', 'origin', url);

    const run = await world.regen(['abandon']);

    expect(run.exitCode).toBe(0);
    expect(await world.read('.regen-plan.md')).toBeNull();
  });
});

describe('a remote and a checkout without any commit', () => {
  it('are told what is missing', async () => {
    await using empty = await makeWorld({ config: poemConfig() });

    const refusals = [await refusalOf(empty, []), await refusalOf(empty, ['plan'])];
    const status = await empty.regen(['status']);

    expect(refusals).toEqual(
      Array(2).fill({
        exit: 3,
        code: 'environment',
        message: "origin has no branch main: couldn't find remote ref refs/heads/main",
        hint: 'Push it, or set base in regen.yaml; git ls-remote --heads origin lists what is there.',
      }),
    );
    expect(status.exitCode).toBe(0);
  });
});
