/** Routing for an agent's items: the model stands in the plan, and a failure takes the next one. */
import { expect, it } from 'vitest';
import { failWith } from '../../src/demo/model/reply.js';
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

it('asks the model of a corrected plan where the one before was never heard', async () => {
  await using world = await makeWorld({
    files: poemFiles,
    config: `${poemConfig()}routing: { models: [haiku, sonnet], classify: never }\n`,
    script: (request) =>
      request.model.includes('nope') ? failWith(404, 'model: claude-nope-9') : poet()(request),
  });
  await world.regen(['plan', 'autumn']);
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({ '.regen-plan.md': plan.replace('bold (model: haiku)', 'bold (model: claude-nope-9)') });
  const unknown = await world.regen(['--json']);
  await world.write({ '.regen-plan.md': plan.replace('bold (model: haiku)', 'bold (model: sonnet)') });
  const corrected = await world.regen(['--json']);

  expect(unknown.exitCode).toBe(3);
  expect(corrected.document).toMatchObject({ item: 'bold', outcome: 'shipped', attempt: 1 });
  const models = world.model.bill.filter(({ isSide }) => !isSide).map(({ model }) => model);
  expect(models.filter((model) => !model.includes('sonnet'))).toEqual([]);
}, 60_000);
