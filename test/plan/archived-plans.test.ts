import { mkdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readArchivedPlans } from '../../src/plan/archived-plans.js';
import { makeScratch } from '../support/scratch.js';

const plan = (target: string, heading = 'Items') => `- Target: \`${target}\`\n\n## ${heading}\n\n- [x] one\n`;

it('reads what was finished and what was given up, the newest first', async () => {
  await using scratch = await makeScratch();
  await mkdir(scratch.in('.regen-history'));
  const files = {
    'alpha-20260502-135007.md': plan('alpha'),
    'alpha-20260602-135007.abandoned.md': plan('alpha', 'Pieces'),
    'b.abandoned-20260402-135007.md': plan('b.abandoned'),
    'notes.md': 'Mine.\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(scratch.in('.regen-history', name), text);
  }

  const { plans, unreadable } = await readArchivedPlans(scratch.folder, ['Pieces']);

  expect(unreadable).toEqual([]);
  expect(plans.map(({ file, at, isAbandoned, plan: { target } }) => [file, at, isAbandoned, target])).toEqual(
    [
      ['.regen-history/alpha-20260602-135007.abandoned.md', '2026-06-02T13:50:07.000Z', true, 'alpha'],
      ['.regen-history/alpha-20260502-135007.md', '2026-05-02T13:50:07.000Z', false, 'alpha'],
      ['.regen-history/b.abandoned-20260402-135007.md', '2026-04-02T13:50:07.000Z', false, 'b.abandoned'],
    ],
  );
});

it('tells of an archive that is no plan any more, and reads the others', async () => {
  await using scratch = await makeScratch();
  await mkdir(scratch.in('.regen-history'));
  await writeFile(scratch.in('.regen-history', 'alpha-20260502-135007.md'), '# Cleared\n');
  await writeFile(scratch.in('.regen-history', 'beta-20260502-135007.md'), plan('beta'));

  const { plans, unreadable } = await readArchivedPlans(scratch.folder, []);

  expect(plans.map((each) => each.plan.target)).toEqual(['beta']);
  expect(unreadable).toEqual(['.regen-history/alpha-20260502-135007.md:1: the plan has no section of items']);
});

it('without a history there are none', async () => {
  await using scratch = await makeScratch();

  expect(await readArchivedPlans(scratch.folder, [])).toEqual({ plans: [], unreadable: [] });
});
