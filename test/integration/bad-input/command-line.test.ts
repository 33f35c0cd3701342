import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import path from 'node:path';
import { poemConfig, poemFiles } from '../../support/poems.js';
import { refusalOf } from '../../support/refusal.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

describe('a command line that means nothing', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig() });
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    {
      name: 'a mistyped command',
      args: ['statsu'],
      message: '"statsu" is neither a command nor a target on the base',
      hint: 'Did you mean "status"? Known targets: autumn, winter.',
    },
    {
      name: 'a mistyped target',
      args: ['atumn'],
      message: '"atumn" is neither a command nor a target on the base',
      hint: 'Did you mean "autumn"? Known targets: autumn, winter.',
    },
    {
      name: 'a mistyped target of "plan"',
      args: ['plan', 'wintr', '--dry-run'],
      message: '"wintr" is neither a command nor a target on the base',
      hint: 'Did you mean "winter"? Known targets: autumn, winter.',
    },
    {
      name: 'a word that is like nothing here',
      args: ['xyzzy'],
      message: '"xyzzy" is neither a command nor a target on the base',
      hint: 'Known targets: autumn, winter.',
    },
    {
      name: 'a mistyped command with arguments',
      args: ['retyr', 'bold'],
      message: '"retyr" is no command, and nothing may follow a target',
      hint: 'Did you mean "regen retry bold"?',
    },
    {
      name: 'two targets',
      args: ['autumn', 'winter'],
      message: '"autumn" is no command, and nothing may follow a target',
      hint: 'See "regen --help"; several words go in quotes.',
    },
    {
      name: 'an argument too many',
      args: ['skip', 'bold', 'not', 'this time'],
      message: 'too much for "regen skip": "this time"',
      hint: 'See "regen skip --help"; several words go in quotes.',
    },
    {
      name: 'an argument too few',
      args: ['item', 'fail', 'bold'],
      message: "missing required argument 'reason'",
      hint: 'See "regen item fail --help".',
    },
    {
      name: 'a mistyped flag',
      args: ['plan', '--dryrun'],
      message: "unknown option '--dryrun'",
      hint: 'Did you mean --dry-run?',
    },
    {
      name: 'a name that begins with a dash',
      args: ['skip', '-x'],
      message: "unknown option '-x'",
      hint: 'See "regen skip --help"; a name that begins with a dash goes after "--".',
    },
    {
      name: 'half a command',
      args: ['item'],
      message: '"regen item" needs a command',
      hint: 'One of: start, check, evaluate, record, publish, ship, fail.',
    },
    {
      name: 'a mistyped half',
      args: ['item', 'strat'],
      message: "unknown command 'strat'",
      hint: 'Did you mean start?',
    },
    {
      name: 'nothing to retry',
      args: ['retry'],
      message: 'regen retry needs items, or --failed',
      hint: 'For example: regen retry altair',
    },
  ])('$name is refused with a suggestion', async ({ args, message, hint }) => {
    const refusal = await refusalOf(world, args);

    expect(refusal).toEqual({ exit: 2, code: 'usage', message, hint });
  });

  it.each(['retry bold', 'retry --failed', 'skip bold', 'abandon', 'item start'])(
    '"%s" needs a plan',
    async (line) => {
      const refusal = await refusalOf(world, line.split(' '));

      expect(refusal).toEqual({
        exit: 2,
        code: 'usage',
        message: 'there is no plan (.regen-plan.md)',
        hint: 'Run "regen plan" to write one.',
      });
    },
  );

  it('--cwd has to name a folder, not one below a repository that might be', async () => {
    const refusal = await refusalOf(world, ['status', '--cwd', 'no such folder']);

    expect(refusal).toEqual({
      exit: 2,
      code: 'usage',
      message: `${path.join(world.root, 'no such folder')} is no folder`,
      hint: 'Correct --cwd.',
    });
  });

  it.each(['status', 'plan', 'retry --failed'])('--config has to name a file ("%s")', async (line) => {
    const refusal = await refusalOf(world, [...line.split(' '), '--config', 'other.yaml']);

    expect(refusal).toMatchObject({
      exit: 2,
      code: 'config',
      message: 'other.yaml does not exist, and nothing says what to redo',
    });
  });

  it.each(['autumn', 'status', 'plan', 'init', 'item check'])(
    'outside of a repository there is nothing to do ("%s")',
    async (line) => {
      const outside = path.dirname(world.root);

      const refusal = await refusalOf(world, [...line.split(' '), '--cwd', outside]);

      expect(refusal).toEqual({
        exit: 3,
        code: 'environment',
        message: `${outside} is not inside a git repository`,
        hint: 'Run regen in a repository, or name one with --cwd.',
      });
    },
  );
});

describe('a name while a plan is there', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig() });
    await world.regen(['plan', 'autumn']);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    {
      name: 'another target',
      args: ['winter'],
      message: 'the plan in the way is that of autumn; "winter" has to wait',
      hint: 'Finish it with regen, or drop it with "regen abandon" (rm .regen-plan.md does too).',
    },
    {
      name: 'a mistyped target',
      args: ['autum'],
      message: '"autum" is neither a command nor a target on the base',
      hint: 'Did you mean "autumn"? Known targets: autumn, winter.',
    },
    {
      name: 'a second plan',
      args: ['plan'],
      message: 'the plan of autumn is in the way (.regen-plan.md)',
      hint: 'Run "regen" to go on with it, or "regen abandon" to drop it; "regen plan --dry-run" only looks.',
    },
    {
      name: 'an unknown item to retry, beside a known one',
      args: ['retry', 'calm', 'bolt'],
      message: '"bolt" is no item of the plan of autumn',
      hint: 'Did you mean "bold"?',
    },
    {
      name: 'an unknown item to skip',
      args: ['skip', '--', '-x'],
      message: '"-x" is no item of the plan of autumn',
      hint: 'See "regen status".',
    },
    {
      name: 'an unknown item to start',
      args: ['item', 'start', 'bolt'],
      message: '"bolt" is no item of the plan of autumn',
      hint: 'Did you mean "bold"?',
    },
    {
      name: 'a stage of an item that nobody started',
      args: ['item', 'ship', 'bold'],
      message: 'no item was started, or its lease ran out',
      hint: 'Run "regen item start" first.',
    },
  ])('$name is refused', async ({ args, message, hint }) => {
    const refusal = await refusalOf(world, args);

    expect(refusal).toEqual({ exit: 2, code: 'usage', message, hint });
  });
});
