/** The pre-filter over two plans: what shipped, and nobody touched since, isn't done again. */
import { expect, it } from 'vitest';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { makeWorld } from '../support/world.js';

it('leaves out what is as it was shipped, until the task or the file changes', async () => {
  const config = poemConfig().replace(
    '  isolate: true\n',
    "  isolate: true\n  skip: [{ when: unchanged }, { item: ['calm'], name: not now }]\n",
  );
  await using world = await makeWorld({ files: poemFiles, config, script: poet() });
  const plan = async () => {
    await world.regen(['abandon']);
    return world.regen(['plan', 'autumn', '--explain', '--json']);
  };
  const planned = await world.regen(['plan', 'autumn', '--json']);
  const shipped = await world.regen(['--json']);

  const waiting = await plan();
  await world.repository.git('fetch', '--quiet', 'origin');
  await world.repository.git('merge', '--quiet', '--ff-only', 'origin/regen/autumn/bold');
  await world.repository.git('push', '--quiet', 'origin', 'main');
  const merged = await plan();
  await world.repository.commit({ files: { 'poems/autumn/voices/bold.txt': 'a person’s poem\n' } });
  await world.repository.git('push', '--quiet', 'origin', 'main');
  const edited = await plan();

  const today = new Date().toISOString().slice(0, 10);
  const notNow = { id: 'calm', reason: 'not now: the id fits "calm"' };
  const unchanged = { id: 'bold', reason: `unchanged since it was shipped on ${today}` };
  expect(shipped).toMatchObject({ document: { item: 'bold', outcome: 'shipped' } });
  expect(planned.document).toMatchObject({ skipped: [notNow] });
  expect(waiting.document).toMatchObject({ skipped: [unchanged, notNow] });
  expect(merged.document).toMatchObject({ skipped: [unchanged, notNow] });
  expect(edited.document).toMatchObject({ skipped: [notNow] });
  expect(await world.read('.regen-plan.md')).toContain('- [-] calm\n');
});

it('says of a plan without an item to do that the next step archives it', async () => {
  const config = poemConfig().replace('  isolate: true\n', "  isolate: true\n  skip: [{ item: ['*'] }]\n");
  await using world = await makeWorld({ files: poemFiles, config, script: poet() });

  const planned = await world.regen(['plan', 'autumn']);
  const log = await world.read('.regen-plan.md');
  await world.regen(['abandon']);
  const step = await world.regen(['autumn']);
  const next = await world.regen(['--json']);

  expect(planned.stdout).toContain(
    '3 items in .regen-plan.md, all skipped (its log says why): nothing is to be done. Run regen to archive the plan.',
  );
  expect(log).toContain('- calm: ');
  expect(step.stdout).toContain('0 items to do');
  expect(step.stdout).toContain('Run regen to archive it.');
  expect(next.document).toMatchObject({ outcome: 'archived' });
});
