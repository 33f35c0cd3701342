import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { poemConfig, poemFiles } from '../../support/poems.js';
import { refusalOf } from '../../support/refusal.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

const good = poemConfig();
const guide = 'docs/configuration.md explains every key; regen.schema.json checks them in an editor';

let world: World;

beforeAll(async () => {
  world = await makeWorld({ files: poemFiles, config: good });
});

afterAll(() => world[Symbol.asyncDispose]());

describe('a broken regen.yaml', () => {
  it.each([
    {
      name: 'an open bracket',
      config: `${good}budget: { itemUsd: 2\n`,
      message:
        'regen.yaml:22:1: the text up to here: Flow map in block collection must be sufficiently indented and end with a }; indent it like its neighbours, or close the bracket before it',
    },
    {
      name: 'a tab',
      config: good.replace('  isolate', '\tisolate'),
      message: 'regen.yaml:8:1: "isolate: true": YAML doesn’t indent with tabs; use spaces',
    },
    {
      name: 'a key that stands twice',
      config: `${good}version: 1\n`,
      message: 'regen.yaml:21:1: "version: 1": the key stands here twice; keep one',
    },
    {
      name: 'an unknown key',
      config: good.replace('repairs: 1', 'repair: 1'),
      message: 'regen.yaml:18:3: checks.repair: is not a known key; did you mean "repairs"?',
    },
    {
      name: 'a wrong type',
      config: good.replace('repairs: 1', 'repairs: many'),
      message: 'regen.yaml:18:12: checks.repairs: "many" is a text, not a whole number; write a whole number',
    },
    {
      name: 'writes without the item',
      config: good.replace('isolate: true', "writes: ['poems/{target}/all.txt']"),
      message:
        'regen.yaml:8:11: items.writes: ["poems/{target}/all.txt"] holds no {item}; name the item\'s own file',
    },
    {
      name: 'a path that leads out',
      config: good.replace('prompts/rules.md', '../rules.md'),
      message:
        'regen.yaml:10:12: prompt.static[0]: "../rules.md" leads out of the repository; write a path without ".."',
    },
    {
      name: 'an absolute path',
      config: good.replace('prompts/rules.md', '/etc/passwd'),
      message:
        'regen.yaml:10:12: prompt.static[0]: "/etc/passwd" is absolute; write it relative to the repository',
    },
    {
      name: 'a score that nobody gives',
      config: poemConfig({ ship: "  to: branch\n  title: '{item} {score}'" }),
      message:
        'regen.yaml:21:10: ship.title: "{item} {score}" names {score}, but there is no evaluate section; remove it',
    },
    {
      name: 'a threshold of a score that nobody gives',
      config: poemConfig({ ship: '  labels: [{ atLeast: 50, then: good, else: poor }]' }),
      message:
        'regen.yaml:20:14: ship.labels[0].atLeast: asks for a score, but there is no evaluate section; remove it',
    },
    {
      name: 'one branch for all items',
      config: poemConfig({ ship: '  branch: work/{target}' }),
      message:
        'regen.yaml:20:11: ship.branch: "work/{target}" needs {item}; every item has a branch of its own',
    },
    {
      name: 'a base that is a pattern',
      config: `base: origin/*\n${good}`,
      message:
        'regen.yaml:1:7: base: "origin/*" is no remote and branch of git; write one such as origin/main',
    },
    {
      name: 'a base that is a refspec',
      config: `base: origin/main:main\n${good}`,
      message:
        'regen.yaml:1:7: base: "origin/main:main" is no remote and branch of git; write one such as origin/main',
    },
    {
      name: 'another version',
      config: good.replace('version: 1', 'version: 2'),
      message: 'regen.yaml:1:10: version: 2 is not 1; write 1',
    },
  ])('is refused with its place, the value and the mend: $name', async ({ config, message }) => {
    await world.write({ 'regen.yaml': config });

    const refusal = await refusalOf(world, []);

    expect(refusal).toEqual({ exit: 2, code: 'config', message, hint: guide });
  });

  it('stops whatever reads it, and nothing else', async () => {
    await world.write({ 'regen.yaml': 'versoin: 1\n' });

    const refused = [
      await refusalOf(world, ['plan']),
      await refusalOf(world, ['abandon']),
      await refusalOf(world, ['item', 'start']),
    ];
    const status = await world.regen(['status']);

    expect(refused.map(({ exit }) => exit)).toEqual([2, 2, 2]);
    expect(refused[0]?.message.split('\n')).toContain(
      'regen.yaml:1:1: versoin: is not a known key; did you mean "version"?',
    );
    expect(status.exitCode).toBe(0);
  });
});

describe('what is no regen.yaml at all', () => {
  const file = () => path.join(world.root, 'regen.yaml');

  afterEach(() => rm(file(), { recursive: true, force: true }));

  it.each([
    {
      name: 'no file',
      make: () => rm(file()),
      message: 'regen.yaml does not exist, and nothing says what to redo',
      hint: 'run "regen init" to write a regen.yaml, or name one with --config FILE',
    },
    {
      name: 'a folder',
      make: () => mkdir(file()),
      message: "regen.yaml can't be read: it is a folder",
      hint: 'make it a readable file',
    },
    {
      name: 'an empty file',
      make: () => writeFile(file(), ''),
      message: 'regen.yaml:1:1: is empty; it needs version, targets, items and prompt',
      hint: 'run "regen init" in a folder without the file to get one that works',
    },
    {
      name: 'a list',
      make: () => writeFile(file(), '- version: 1\n'),
      message: 'regen.yaml:1:1: holds no mapping of keys; it needs version, targets, items and prompt',
      hint: 'run "regen init" in a folder without the file to get one that works',
    },
    {
      name: 'bytes that are no text',
      make: () => writeFile(file(), Buffer.from([0x76, 0xff, 0xfe])),
      message: 'regen.yaml is not UTF-8',
      hint: 'save it as UTF-8',
    },
  ])('is refused: $name', async ({ make, message, hint }) => {
    await make();

    const refusal = await refusalOf(world, []);

    expect(refusal).toEqual({ exit: 2, code: 'config', message, hint });
  });
});

describe('a file that regen.yaml names and the base lacks', () => {
  it.each([
    {
      key: 'prompt.static',
      file: 'prompts/none.md',
      config: good.replace('prompts/rules.md', 'prompts/none.md'),
    },
    {
      key: 'prompt.item',
      file: 'prompts/bold.md',
      config: good.replace('  task:', "  item: ['prompts/{item}.md']\n  task:"),
    },
    {
      key: 'prompt.task',
      file: 'prompts/task.md',
      config: good.replace(/task: .*/, 'task: prompts/task.md'),
    },
    {
      key: 'evaluate.rubric',
      file: 'prompts/rubric.yaml',
      config: `${good}evaluate: { rubric: prompts/rubric.yaml }\n`,
    },
  ])('is found out before anything is made: $key', async ({ key, file, config }) => {
    await world.write({ 'regen.yaml': good, [file]: 'Here, but not on the base.\n' });
    await world.regen(['plan', 'autumn']);
    await world.write({ 'regen.yaml': config });

    const refusal = await refusalOf(world, []);

    expect(refusal).toMatchObject({ exit: 2, code: 'config' });
    expect(refusal.message.replace(/[0-9a-f]{7}(?=\)$)/, 'SHA')).toBe(
      `${key} names ${file}, which is not in the base (SHA)`,
    );
    expect(refusal.hint).toMatch(/^Commit and push the file, or correct its name/);
    await world.write({ '.regen-plan.md': null, [file]: null });
  });
});

it.each([['plan', 'autumn'], ['plan', '--dry-run'], ['--quiet']])(
  'a plan none of whose items could be begun is not written: regen %s',
  async (...args) => {
    await world.write({ 'regen.yaml': good.replace(/task: .*/, 'task: prompts/task.md') });

    const refusal = await refusalOf(world, args);

    expect(refusal).toMatchObject({ exit: 2, code: 'config' });
    expect(refusal.message).toMatch(/^prompt\.task names prompts\/task\.md, which is not in the base/);
    expect(await world.read('.regen-plan.md')).toBeNull();
  },
);

it('a glob that fits nothing leaves nothing to do, and is named', async () => {
  await world.write({
    'regen.yaml': good.replace('glob: poems/{target}/about', 'glob: poem/{target}/about'),
  });

  const run = await world.regen(['--json']);

  expect(run).toMatchObject({
    exitCode: 0,
    document: {
      mode: 'plan',
      outcome: 'nothing',
      reason: 'no file of origin/main fits targets.glob, "poem/{target}/about.md"',
    },
  });
  expect(await world.read('.regen-plan.md')).toBeNull();
});
