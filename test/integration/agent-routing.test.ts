/** Routing for an agent's items: the model stands in the plan, and a failure at the work takes the next one. */
import { expect, it } from 'vitest';
import { failWith, structured } from '../../src/demo/model/reply.js';
import type { LedgerGroup } from '../../src/model/ledger.js';
import { isJudge } from '../support/judge.js';
import { copiedPoems, poemConfig, poemFiles, poet } from '../support/poems.js';
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

it('takes a person’s word for the model of an item that has failed, and goes on from there', async () => {
  await using world = await makeWorld({
    files: poemFiles,
    config: `${poemConfig()}routing: { models: [haiku, sonnet, opus], classify: never }\n`,
    script: (request) =>
      poet(request.model.includes('opus') ? {} : { bold: ['stale\n', 'worse and stale\n'] })(request),
  });
  await world.regen(['plan', 'autumn']);
  const models: string[][] = [];
  const step = async (): Promise<void> => {
    const before = world.model.bill.length;
    await world.regen(['--json']);
    const asked = world.model.bill.slice(before).filter(({ isSide }) => !isSide);
    models.push([...new Set(asked.map(({ model }) => model.replace(/^claude-(\w+).*/, '$1')))]);
  };

  await step();
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({
    '.regen-plan.md': plan.replace('- [!] bold (model: haiku)', '- [ ] bold (model: sonnet)'),
  });
  await step();
  await world.regen(['retry', 'bold']);
  await step();

  expect(models).toEqual([['haiku'], ['sonnet'], ['opus']]);
  expect(await world.read('.regen-plan.md')).toContain('- [x] bold (model: sonnet)\n');
}, 60_000);

it.each([
  ['the API refused the request', failWith(400, 'something odd'), ''],
  ['its money was used up', null, 'budget: { itemUsd: 0.0001 }\n'],
])(
  'tries the same model again where %s',
  async (_what, fault, limit) => {
    let reply = fault;
    const config = `${poemConfig()}routing: { models: [haiku, sonnet], classify: never }\n`;
    await using world = await makeWorld({
      files: poemFiles,
      config: `${config}${limit}`,
      script: (request) => (request.firstMessage.includes('voices') ? reply : null) ?? poet()(request),
    });
    await world.regen(['plan', 'autumn']);

    const failed = await world.regen(['--json']);
    reply = null;
    await world.write({ 'regen.yaml': config });
    await world.regen(['retry', 'bold']);
    const retried = await world.regen(['--json']);

    expect(failed.document).toMatchObject({ item: 'bold', outcome: 'failed' });
    expect(retried.document).toMatchObject({ item: 'bold', outcome: 'shipped' });
    expect(world.model.bill.filter(({ model }) => model.includes('sonnet'))).toEqual([]);
  },
  60_000,
);

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

  expect(unknown).toMatchObject({
    exitCode: 3,
    document: {
      error: { hint: expect.stringContaining('behind the item in .regen-plan.md') as string },
    },
  });
  expect(corrected.document).toMatchObject({ item: 'bold', outcome: 'shipped', attempt: 1 });
  const models = world.model.bill.filter(({ isSide }) => !isSide).map(({ model }) => model);
  expect(models.filter((model) => !model.includes('sonnet'))).toEqual([]);
}, 60_000);

it('counts what audit and classifier took in the usage of the plan, also of one that was killed before it stood', async () => {
  const author = poet();
  const routing = 'routing: { models: [haiku, sonnet], classify: always }\n';
  await using world = await makeWorld({
    files: { ...poemFiles, ...copiedPoems },
    config: poemConfig({ more: `audit: { model: haiku, maxUsd: 0.05 }\n${routing}` }),
    script: (request) => {
      if (!isJudge(request)) return author(request);
      if (!request.firstMessage.includes('# The items')) {
        return structured({
          clusters: [{ id: 'C1', items: ['bold', 'calm'], isCopy: true, request: 'Other.' }],
        });
      }
      return structured({ items: ['bold', 'calm', 'wry'].map((id) => ({ id, class: 'simple' })) });
    },
  });

  const planned = await world.regen(['plan', 'autumn', '--json']);
  // As if it had been killed between the last answer and the plan.
  const [row = ''] = ((await world.read('.regen/ledger.jsonl')) ?? '').split('\n');
  const { plan } = JSON.parse(row) as { plan: string };
  await world.write({ '.regen-plan.md': null, '.regen/audit': `.regen/audits/${plan}/autumn\n` });
  const again = await world.regen(['plan', 'autumn', '--json']);
  const cost = await world.regen(['cost', '--by', 'stage', '--json']);

  const { groups, total } = cost.document as { groups: readonly LedgerGroup[]; total: LedgerGroup };
  expect(groups.map(({ key }) => key)).toEqual(['audit', 'classify']);
  const paid = { usage: total.usage, audit: { usage: groups[0]?.usage } };
  expect(planned.document).toMatchObject(paid);
  expect(again.document).toMatchObject(paid);
}, 60_000);
