import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { poemConfig, poemFiles } from '../../support/poems.js';
import { refusalOf } from '../../support/refusal.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

const good = plan('- [ ] bold', '- [ ] calm');

let world: World;

beforeAll(async () => {
  world = await makeWorld({ files: poemFiles, config: poemConfig() });
});

afterAll(() => world[Symbol.asyncDispose]());

const file = () => path.join(world.root, '.regen-plan.md');

afterEach(async () => {
  await rm(file(), { recursive: true, force: true });
});

/** The header is five lines long, the items begin in line 8. */
function plan(...items: readonly string[]): string {
  const header = '# Regen plan: autumn\n\n- Target: `autumn`\n- Plan created: `2026-05-02T13:50:00Z`\n';
  return `${header}\n## Items\n\n${items.join('\n')}\n\n## Log\n`;
}

describe('a malformed plan', () => {
  it.each([
    {
      name: 'an id that stands twice',
      text: plan('- [ ] bold', '- [x] bold'),
      message: '.regen-plan.md:9: "bold" is listed a second time; line 8 has it first',
      hint: 'Remove one of the two lines.',
    },
    {
      name: 'a mark that means nothing',
      text: plan('- [?] bold'),
      message: '.regen-plan.md:8: "[?]" is no state of an item',
      hint: 'Write [ ] to do, [x] done, [!] failed, [-] skipped or [~] handed off.',
    },
    {
      name: 'no item',
      text: plan(),
      message: '.regen-plan.md:6: "## Items" lists no item',
      hint: 'List them as "- [ ] <id>" at the start of a line, or remove the plan to have a new one written.',
    },
    {
      name: 'a box without an id',
      text: plan('- [ ] bold', '- [ ]'),
      message: '.regen-plan.md:9: "- [ ]" names no item',
      hint: 'Write its id after the brackets, or remove the line.',
    },
    {
      name: 'two sections of items',
      text: `${good}\n## Libraries\n\n- [ ] wry\n`,
      message:
        '.regen-plan.md:13: "## Libraries" is a second section of items; "## Items" in line 6 is the first',
      hint: 'Put all items under one of the two headings.',
    },
    {
      name: 'no section of items',
      text: good.replace('## Items', '## Things'),
      message: '.regen-plan.md:1: the plan has no section of items',
      hint: 'Put the items under one heading, "## Items" or "## Libraries", or let items.heading in regen.yaml name theirs.',
    },
    {
      name: 'no target',
      text: good.replace('- Target', '- Aim'),
      message: '.regen-plan.md:1: the plan names no target',
      hint: 'Add a line "- Target: `<id>`" above the first section.',
    },
    {
      name: 'a fence that never ends',
      text: plan('```', '- [ ] bold'),
      message: '.regen-plan.md:8: the code fence that begins here never ends',
      hint: 'Close it: everything after it would be hidden.',
    },
    {
      name: 'bytes that are no text',
      text: Buffer.concat([Buffer.from('# Regen plan\n\n'), Buffer.from([0xff, 0xfe])]),
      message: '.regen-plan.md:3: the line isn’t UTF-8 text',
      hint: 'Save .regen-plan.md as UTF-8.',
    },
    {
      name: 'nothing at all',
      text: '',
      message: '.regen-plan.md:1: the plan has no section of items',
      hint: 'Put the items under one heading, "## Items" or "## Libraries", or let items.heading in regen.yaml name theirs.',
    },
  ])('is refused with its line: $name', async ({ text, message, hint }) => {
    await writeFile(file(), text);

    const refusal = await refusalOf(world, []);

    expect(refusal).toEqual({ exit: 2, code: 'plan', message, hint });
  });

  it.each(['autumn', 'plan', 'status', 'retry bold', 'skip bold', 'abandon', 'item start'])(
    'is written over by nobody, not by "%s" either',
    async (line) => {
      await writeFile(file(), plan('- [ ] bold', '- [x] bold'));

      const refusal = await refusalOf(world, line.split(' '));

      expect(refusal).toMatchObject({ exit: 2, code: 'plan' });
      expect(refusal.message).toMatch(/^\.regen-plan\.md:9: /);
    },
  );
});

describe('what is no plan at all', () => {
  it.each([
    {
      name: 'a folder',
      make: () => mkdir(file()),
      message: '.regen-plan.md is a folder, not a file',
      hint: 'Move it away: the plan is kept in a file of that name.',
    },
    {
      name: 'a symlink to nothing',
      make: () => symlink('/nowhere/plan.md', file()),
      message: '.regen-plan.md is a symlink to /nowhere/plan.md, where nothing is',
      hint: 'Mend the link, or remove it to have a new plan written.',
    },
  ])('is refused: $name', async ({ make, message, hint }) => {
    await make();

    const refusals = [await refusalOf(world, []), await refusalOf(world, ['status'])];

    expect(refusals).toEqual(Array(2).fill({ exit: 2, code: 'plan', message, hint }));
  });
});

describe('a plan that the base doesn’t bear out', () => {
  it.each([
    {
      name: 'an item that isn’t there',
      text: plan('- [x] bold', '- [ ] loud'),
      message: '.regen-plan.md:9: "loud" is no item of autumn on origin/main',
      hint: 'Correct the id, take the line out, or mark it [-].',
    },
    {
      name: 'an item that is a way out',
      text: plan('- [ ] ../../../regen'),
      message: '.regen-plan.md:8: "../../../regen" is no item of autumn on origin/main',
      hint: 'Correct the id, take the line out, or mark it [-].',
    },
    {
      name: 'a target that isn’t there',
      text: good.replace('`autumn`', '`spring`'),
      message: '.regen-plan.md: origin/main has no item of "spring"',
      hint: 'Correct the target in the plan’s header, or drop the plan with "regen abandon".',
    },
    {
      name: 'an item handed off to nobody',
      text: plan('- [ ] bold', '- [~] calm'),
      message: '.regen-plan.md:9: "calm" is marked [~], but no record says where it went',
      hint: 'Set it to [ ] to do it here ("regen retry calm"), or to [-] to leave it out.',
    },
  ])('is refused: $name', async ({ text, message, hint }) => {
    await writeFile(file(), text);

    const refusals = [await refusalOf(world, []), await refusalOf(world, ['item', 'start'])];

    expect(refusals).toEqual(Array(2).fill({ exit: 2, code: 'plan', message, hint }));
  });
});

describe('a plan that git tracks', () => {
  afterEach(() => world.repository.git('rm', '--cached', '--quiet', '--force', '.regen-plan.md'));

  it('stops the step: a commit would carry it', async () => {
    await writeFile(file(), good);
    await world.repository.git('add', '--force', '.regen-plan.md');

    const refusal = await refusalOf(world, []);

    expect(refusal).toEqual({
      exit: 2,
      code: 'plan',
      message: '.regen-plan.md is tracked by git, so a commit would carry it',
      hint: 'git rm --cached .regen-plan.md && git commit, then run regen again.',
    });
  });

  it('is not made again where it was deleted', async () => {
    await writeFile(file(), good);
    await world.repository.git('add', '--force', '.regen-plan.md');
    await rm(file());

    const refusals = [await refusalOf(world, []), await refusalOf(world, ['plan'])];

    expect(refusals.map(({ exit, code }) => ({ exit, code }))).toEqual(
      Array(2).fill({ exit: 2, code: 'plan' }),
    );
  });
});
