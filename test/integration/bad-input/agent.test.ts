import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith } from '../../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../../src/demo/model/reply.js';
import { poemConfig, poemFiles, poet } from '../../support/poems.js';
import type { Programs } from '../../support/programs.js';
import { makePrograms } from '../../support/programs.js';
import { tracesOf } from '../../support/traces.js';
import type { CommandRun, World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Runs a step that the environment doesn't let through: exit 3, one message, nothing booked, nothing pushed, and the
 * plan as it was.
 */
async function notReady(world: World, env: Env = {}): Promise<{ message: string; hint: string }> {
  const before = await tracesOf(world);

  const run = await world.regen(['--json'], env);

  const after = await tracesOf(world);
  const left = ({ files, refs, remote, ledger }: typeof before) => ({
    plan: files['.regen-plan.md'],
    refs,
    remote,
    // A run that came to nothing is noted, and adds nothing to any sum.
    messages: (ledger ?? '').split('\n').filter((line) => line.includes('"kind":"message"')),
  });
  expect(left(after)).toEqual(left(before));
  const { error } = run.document as { error: { message: string; hint: string } }; // asserted next
  expect(run).toMatchObject({ exitCode: 3, document: { error: { code: 'environment' }, exit: 3 } });
  expect(`\n${run.stderr}`.endsWith(`\nregen: ${error.message}\n${error.hint}`)).toBe(true);
  return { message: error.message, hint: error.hint };
}

describe('an agent that can’t be started', () => {
  let world: World;
  let programs: Programs;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    programs = await makePrograms(path.join(world.home, 'bin'), ['git', 'sh', 'env', 'node', 'grep']);
    await world.regen(['plan', 'autumn']);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  const install =
    'Install Claude Code (npm install -g @anthropic-ai/claude-code), or set agent.command in regen.yaml.';
  const tryIt =
    'Try the command of agent.command in regen.yaml by hand; `regen doctor` says what is missing.';

  it('stops the step, time and again, and no item is charged for it', async () => {
    const told = [];
    // One time more than there are attempts.
    for (let time = 0; time < 4; time += 1) told.push(await notReady(world, { PATH: programs.folder }));

    expect(told).toEqual(
      Array(4).fill({
        message: 'the agent "claude" could not be started: spawn claude ENOENT',
        hint: install,
      }),
    );
  });

  it.each([
    {
      name: 'a file that can’t be run',
      make: () => programs.script('claude', 'exit 0', 0o644),
      told: { message: 'the agent "claude" could not be started: spawn claude EACCES', hint: install },
    },
    {
      name: 'a program that fails at once',
      make: () => programs.script('claude', 'echo "a library is missing" >&2; exit 127'),
      told: { message: 'the agent did not start: exit code 127: a library is missing', hint: tryIt },
    },
    {
      name: 'a program that says nothing',
      make: () => programs.script('claude', 'exit 0'),
      told: { message: 'the agent did not start: exit code 0', hint: tryIt },
    },
    {
      name: 'another program of that name',
      make: () => programs.script('claude', 'echo "Claude Monet, 1840-1926"'),
      told: { message: 'the agent did not start: exit code 0', hint: tryIt },
    },
  ])('is told apart: $name', async ({ make, told }) => {
    await make();

    expect(await notReady(world, { PATH: programs.folder })).toEqual(told);
  });

  it('was all that was missing: the next step does the item', async () => {
    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', remaining: 2 } });
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });

  it('is not the only program: without git nothing begins', async () => {
    const empty = await makePrograms(path.join(world.home, 'empty'), []);

    const told = await notReady(world, { PATH: empty.folder });

    expect(told).toEqual({
      message: `git could not be started in ${world.root}: spawn git ENOENT`,
      hint: 'Install git and see that it is on the PATH, and that the folder still exists.',
    });
  });
});

describe('an agent that nobody lets in', () => {
  let world: World;
  let reply: ScriptedReply;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig(), script: () => reply });
    await world.regen(['plan', 'autumn']);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    {
      name: 'a refused key',
      answer: failWith(401, 'invalid x-api-key'),
      env: {},
      message: 'the API refused the login (401)',
      hint: 'Log in with `claude login`, or set ANTHROPIC_API_KEY.',
    },
    {
      name: 'no login at all',
      answer: failWith(401),
      env: { ANTHROPIC_API_KEY: undefined },
      message: 'Not logged in · Please run /login',
      hint: 'Log in with `claude login`, or set ANTHROPIC_API_KEY.',
    },
    {
      name: 'no credit',
      answer: failWith(400, 'Your credit balance is too low to access the Anthropic API.'),
      env: {},
      message: 'Credit balance is too low',
      hint: 'Add credits to the account, or use another key.',
    },
  ])('leaves the item open: $name', async ({ answer, env, message, hint }) => {
    reply = answer;

    expect(await notReady(world, env)).toEqual({ message, hint });
  });
});

describe('what has to be there before the agent', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig() });
    await world.regen(['plan', 'autumn']);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it('a committer', async () => {
    await world.repository.git('config', '--unset', 'user.email');

    const told = await notReady(world, { EMAIL: undefined });
    await world.repository.git('config', 'user.email', 'person@example.invalid');

    expect(told).toEqual({
      message: 'git has no author for commits: user.name or user.email is not set',
      hint: 'git config user.name "Your Name" && git config user.email you@example.org',
    });
    expect(world.model.requests).toEqual([]);
  });

  it.each([
    {
      name: 'one command',
      setup: '"echo no such package >&2; exit 7"',
      message: 'the set-up failed: echo no such package >&2; exit 7: exit code 7\n  no such package',
    },
    {
      name: 'a check and its fix',
      setup: '{ check: "exit 1", fix: "echo no network; exit 3" }',
      message: 'the set-up failed: echo no network; exit 3: exit code 3\n  no network',
    },
  ])('a set-up: $name', async ({ setup, message }) => {
    await world.write({ 'regen.yaml': poemConfig().replace('checks:\n', `checks:\n  setup: ${setup}\n`) });

    const told = await notReady(world);

    expect(told.message).toBe(message);
    expect(told.hint).toMatch(
      /^The whole output is in \.regen\/runs\/\S+\/setup\.log\. Mend what it names, or checks\.setup in regen\.yaml\.$/,
    );
    expect(world.model.requests).toEqual([]);
  });

  it('a place for the worktree', async () => {
    await world.write({ 'regen.yaml': poemConfig() });
    await world.regen(['abandon']);
    await world.regen(['plan', 'autumn']);
    await world.write({ '.worktrees/autumn/bold/mine.txt': 'Mine.\n' });

    const told = await notReady(world);

    expect(told).toEqual({
      message: `${world.root}/.worktrees/autumn/bold is in the way of a worktree: regen did not make it, so it will not remove it`,
      hint: 'Move it elsewhere, or remove it if nothing in it is needed.',
    });
    expect(await world.read('.worktrees/autumn/bold/mine.txt')).toBe('Mine.\n');
  });
});

const inTheWay =
  'The repository, .git, .regen, .worktrees and .regen-history have to be folders that can be written.';

describe('a file where a folder belongs', () => {
  it('is no bug of ours, and named', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig() });
    await world.write({ '.regen': 'mine\n' });
    const first = await notReady(world);
    await world.write({ '.regen': null });
    await world.regen(['plan', 'autumn']);
    await world.write({ '.worktrees': 'mine\n' });
    const second = await notReady(world);
    await world.write({ '.worktrees': null, '.regen/ledger.jsonl/x': 'mine\n' });
    const third = await world.regen(['--json']);

    expect(first).toEqual({
      message: `EEXIST: file already exists, mkdir '${world.root}/.regen'`,
      hint: inTheWay,
    });
    expect(second).toEqual({
      message: `ENOTDIR: not a directory, mkdir '${world.root}/.worktrees/autumn'`,
      hint: inTheWay,
    });
    expect(told(third)).toBe(
      `EISDIR: illegal operation on a directory, open '${world.root}/.regen/ledger.jsonl'`,
    );
    expect(world.model.requests).toEqual([]);
  });
});

function told({ document }: CommandRun): unknown {
  return (document as { error: { message: string } }).error.message;
}
