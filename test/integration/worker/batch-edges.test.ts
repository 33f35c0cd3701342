/** Batches that don't go as they should: refused, gone, overtaken, too dear; and what of a plan isn't asked about at all. */
import { expect, it } from 'vitest';
import type { Failure } from '../../../src/demo/model/reply.js';
import { batchWorld } from '../../support/batch-world.js';
import { guideConfig } from '../../support/guide.js';

const status = (code: number, type: string): Failure => ({
  ...{ kind: 'status', status: code, type, message: 'of the script', headers: {} },
});

it('one that the API refuses leaves its items to be done: the next invocation submits them', async () => {
  await using both = await batchWorld({
    create: (number) => (number === 1 ? status(400, 'invalid_request_error') : 'answer'),
  });
  const { world, model } = both;

  const refused = await world.regen([]);
  const plan = await world.read('.regen-plan.md');
  const again = await world.regen(['--json']);

  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('the API refuses the request (400)');
  expect(plan?.match(/^- \[ \] page/gm)).toHaveLength(12);
  expect(again).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
  expect(model.batches()).toHaveLength(1);
});

it('one that is gone fails its items, and a retry asks for them anew', async () => {
  let isGone = true;
  await using both = await batchWorld({
    polls: 1,
    retrieve: () => (isGone ? status(404, 'not_found_error') : 'answer'),
  });
  const { world, model } = both;
  await world.regen([]);

  const step = await world.regen(['--json', '--no-wait-state']);
  const plan = await world.read('.regen-plan.md');
  isGone = false;
  const retried = await world.regen(['retry', '--failed']);
  const anew = await world.regen(['--json', '--no-wait-state']);

  expect(step.exitCode).toBe(1);
  expect(step.document).toMatchObject({ outcome: 'failed', items: { length: 12 } });
  expect(plan?.match(/^- \[!\] page/gm)).toHaveLength(12);
  expect(plan).toContain('is gone, and its results with it');
  expect(retried.exitCode, retried.stderr).toBe(0);
  expect(anew.exitCode).toBe(75);
  expect(model.batches()).toHaveLength(2);
});

it('two at once each bring the items that they were last asked for, and none of the other’s', async () => {
  await using both = await batchWorld({ polls: Infinity });
  const { world, model } = both;
  await world.regen([]);
  const waiting = (await world.read('.regen-plan.md')) ?? '';
  await world.write({ '.regen-plan.md': waiting.replace('- [~] page-01#2\n', '- [ ] page-01#2\n') });
  const overtaking = await world.regen(['--json', '--no-wait-state']);
  const batches = model.batches().map(({ id }) => id);

  for (const id of batches) await model.endBatch(id);
  const first = await world.regen(['batch', 'collect', batches[0] ?? '', '--json']);
  const between = await world.read('.regen-plan.md');
  const second = await world.regen(['batch', 'collect', batches[1] ?? '', '--json']);
  await world.regen(['run', '--max-steps', '3']);
  const plan = await world.read('.regen-plan.md');

  expect(overtaking.exitCode).toBe(75);
  expect(batches).toHaveLength(2);
  expect(first.document).toMatchObject({ answered: 11 });
  expect(between).toContain('- [~] page-01#2\n');
  expect(second.document).toMatchObject({ answered: 1 });
  expect(plan?.match(/^- page-01#2: branch /gm)).toHaveLength(1);
  expect(model.bill).toHaveLength(3);
});

it('isn’t collected while the plan marks an item [~] that no record knows', async () => {
  await using both = await batchWorld({ polls: 1 });
  const { world } = both;
  await world.regen([]);
  const waiting = (await world.read('.regen-plan.md')) ?? '';
  const wrong = waiting.replace('## Items\n', '## Items\n\n- [~] page-09#1');
  await world.write({ '.regen-plan.md': wrong });

  const refused = await world.regen(['--json', '--no-wait-state']);
  const untouched = await world.read('.regen-plan.md');
  await world.write({ '.regen-plan.md': waiting });
  const collected = await world.regen(['--json', '--no-wait-state']);

  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('"page-09#1" is marked [~], but no record says where it went');
  expect(untouched).toBe(wrong);
  expect(collected.document).toMatchObject({ outcome: 'shipped', item: 'pack-1' });
});

it('one that can’t go out keeps nothing of another from being shipped', async () => {
  await using both = await batchWorld({ polls: 1 });
  const { world } = both;
  await world.regen([]);
  const waiting = (await world.read('.regen-plan.md')) ?? '';
  const dear = guideConfig({ worker: 'mode: batch, count: 6, poll: 1s, prewarm: false, maxUsd: 0.00001' });
  await world.write({
    '.regen-plan.md': waiting.replace('- [~] page-01#2\n', '- [ ] page-01#2\n'),
    'regen.yaml': dear,
  });

  const exitCodes: (number | undefined)[] = [];
  while (exitCodes.length < 3) exitCodes.push((await world.regen(['--no-wait-state'])).exitCode);

  expect(exitCodes).toEqual([0, 0, 2]);
  expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] page/gm)).toHaveLength(11);
});

it.each([
  ['worker.maxUsd', { worker: 'mode: batch, count: 6, maxUsd: 0.00001' }, 2],
  ['budget.dayUsd', { more: 'budget: { dayUsd: 0.0001 }\n' }, 75],
])('one that is expected to cost more than %s allows isn’t submitted', async (name, config, exitCode) => {
  await using both = await batchWorld({}, config);
  const { world, model } = both;

  const step = await world.regen([]);

  expect(step.exitCode).toBe(exitCode);
  expect(step.stderr + step.stdout).toContain(name);
  expect(step.stderr + step.stdout).toMatch(/expected to cost \$0\.\d{4}/);
  expect(model.batches()).toEqual([]);
  expect(model.bill).toEqual([]);
  expect((await world.read('.regen-plan.md'))?.match(/^- \[ \] page/gm)).toHaveLength(12);
});

it('what the references say nothing about is failed without a request, the rest is submitted', async () => {
  await using both = await batchWorld(
    {},
    {
      worker: 'mode: batch, count: 1, prewarm: false',
      more: "retrieval: { documents: ['reference/*.md'], use: always, onMiss: fail, leastCoverage: 0.1 }\n",
    },
    {
      'docs/guide/page-02.md': '# Two\n\nZebras quarrel with xylophones beyond jagged quicksand.\n',
      'reference/one.md':
        '# Reference\n\nParagraph and page: what it says, in words that it would really need.\n',
    },
  );
  const { world, model } = both;

  const submitted = await world.regen(['--json']);
  const plan = await world.read('.regen-plan.md');

  expect(submitted.exitCode).toBe(75);
  expect(plan).toContain('- [!] page-02#1\n');
  expect(plan?.match(/^- \[~\] page-01#\d$/gm)).toHaveLength(6);
  expect(model.batches().map(({ customIds }) => customIds.length)).toEqual([6]);
});

it('a model behind an item that has no price is refused before anything is paid, where money is limited', async () => {
  await using both = await batchWorld(
    {},
    {
      worker: 'count: 6',
      more: 'routing: { models: [haiku, sonnet], classify: never }\nbudget: { dayUsd: 5 }\n',
    },
  );
  const { world, model } = both;
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({
    '.regen-plan.md': plan.replace(/page-01#1 \(model: \w+\)/, 'page-01#1 (model: nobodys-model)'),
  });

  const step = await world.regen([]);

  expect(step.exitCode).toBe(2);
  expect(step.stderr).toContain('"nobodys-model" has no price');
  expect(model.bill).toEqual([]);
});
