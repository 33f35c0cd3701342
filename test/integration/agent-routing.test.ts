/** Routing for an agent's items: the model stands in the plan, and a failure takes the next one. */
import { expect, it } from 'vitest';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { makeWorld } from '../support/world.js';

it('runs each item with the model behind it in the plan, and a failed one with the next', async () => {
  await using world = await makeWorld({
    files: poemFiles,
    config: `${poemConfig()}routing: { models: [haiku, sonnet], classify: never }\n`,
    // bold never gets it right with its first model.
    script: (request) =>
      poet(request.model.includes('haiku') ? { bold: ['stale\n', 'worse and stale\n'] } : {})(request),
  });
  await world.regen(['plan', 'autumn']);
  const plan = await world.read('.regen-plan.md');

  const failed = await world.regen(['--json']);
  await world.regen(['retry', 'bold']);
  const retried = await world.regen(['--json']);

  const models = world.model.bill.filter(({ isSide }) => !isSide).map(({ model }) => model);
  expect(plan).toContain('- [ ] bold (model: haiku)\n');
  expect(failed.document).toMatchObject({ item: 'bold', outcome: 'failed' });
  expect(retried.document).toMatchObject({ item: 'bold', outcome: 'shipped' });
  expect(models[0]).toContain('haiku');
  expect(models.at(-1)).toContain('sonnet');
}, 60_000);
