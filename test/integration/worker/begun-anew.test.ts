/** What was begun and never answered binds nobody: the next invocation goes by the plan and regen.yaml as they are then. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import type { Failure } from '../../../src/demo/model/reply.js';
import { batchWorld } from '../../support/batch-world.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;

const status = (code: number, type: string): Failure => ({
  ...{ kind: 'status', status: code, type, message: 'of the script', headers: {} },
});

it('a model that doesn’t exist, and how many go into a call, are corrected in regen.yaml', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 3 }),
    config: guideConfig({ worker: 'model: claude-nope-1' }),
    script: (request) =>
      request.model.includes('nope') ? status(404, 'not_found_error') : packScript({ answer: once })(request),
  });
  await world.regen(['plan']);

  const wrong = await world.regen([]);
  await world.write({ 'regen.yaml': guideConfig({ worker: 'model: haiku, count: 2' }) });
  const right = await world.regen(['--json']);

  expect(wrong.exitCode).toBe(2);
  expect(right.document).toMatchObject({ outcome: 'shipped', remaining: 1 });
  expect(world.model.bill.map(({ model }) => model)).toEqual(['claude-haiku-5-5']);
});

it('a batch that was never made goes out with what is still to be done', async () => {
  await using both = await batchWorld({
    create: (number) => (number === 1 ? status(500, 'api_error') : 'answer'),
  });
  const { world, model } = both;

  await world.regen([]);
  const plan = (await world.read('.regen-plan.md')) ?? '';
  await world.write({
    '.regen-plan.md': plan
      .replaceAll(/^- \[ \] (page-01#\d)$/gm, '- [-] $1')
      .replaceAll(/^- \[ \] page-02#[2-6]\n/gm, ''),
  });
  await world.regen(['--no-wait-state']);
  await world.regen(['--no-wait-state']);

  expect(model.batches().map(({ customIds }) => customIds.length)).toEqual([1]);
  expect(model.bill).toHaveLength(1);
  expect((await world.read('.regen-plan.md'))?.match(/^- \[x\] .*$/gm)).toEqual(['- [x] page-02#1']);
});

const many = 'mode: batch, count: 1, poll: 1s';
const long = {
  'docs/style.md': `# Style\n\n${'- Write short sentences, in the active voice.\n'.repeat(600)}`,
};

it('the prefix is written for an hour, once, and only for a batch that may go out', async () => {
  await using both = await batchWorld(
    { create: (number) => (number === 1 ? status(500, 'api_error') : 'answer') },
    { worker: many },
    long,
  );
  const { world, model } = both;

  await world.regen([]);
  await world.regen(['--no-wait-state']);

  expect(model.bill.map(({ tokens }) => [tokens.cacheWrite5m, tokens.cacheWrite1h > 1000])).toEqual([
    [0, true],
  ]);
  expect(model.batches()).toHaveLength(1);
});

it('nothing is written for a batch that the budget has no room for', async () => {
  await using both = await batchWorld({}, { worker: many, more: 'budget: { targetUsd: 0.0005 }\n' }, long);
  const { world, model } = both;

  const step = await world.regen([]);

  expect(step.exitCode).toBe(75);
  expect(model.bill).toEqual([]);
});
