/** `mode: batch`: submitted, waited for, collected, whatever happens in between. */
import { afterEach, describe, expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import type { BatchOptions } from '../../../src/demo/model/batch-options.js';
import { startScriptedModel } from '../../../src/demo/model/server.js';
import type { ScriptedModel } from '../../../src/demo/model/server.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import type { GuideConfig } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

const open: AsyncDisposable[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one[Symbol.asyncDispose]()));
});

async function batchWorld(batches: BatchOptions, config: GuideConfig = {}) {
  const model: ScriptedModel = await startScriptedModel({
    script: packScript({ answer: shorter }),
    now: () => new Date(),
    newId: () => crypto.randomUUID(),
    batches,
  });
  const world = await makeWorld({
    files: guideFiles({ pages: 2, paragraphs: 6 }),
    config: guideConfig({ worker: 'mode: batch, count: 6, poll: 1s, prewarm: false', ...config }),
    env: { ANTHROPIC_BASE_URL: model.url },
  });
  open.push(world, { [Symbol.asyncDispose]: () => model.close() });
  await world.regen(['plan', 'guide']);
  return { world, model };
}

describe('a batch', () => {
  it('is submitted, waited for, and collected in any order; its answers are shipped pack by pack at half the price', async () => {
    const { world, model } = await batchWorld({ polls: 2 });

    const submitted = await world.regen(['--json']);
    const plan = await world.read('.regen-plan.md');
    const waiting = await world.regen(['--json']);
    const collected = await world.regen(['--json']);
    const second = await world.regen(['--json']);
    const cost = await world.regen(['cost', '--json']);

    const [batch] = model.batches();
    expect(submitted).toMatchObject({ exitCode: 75, document: { outcome: 'waiting', remaining: 12 } });
    expect(plan).toContain(`- [~] page-01#1\n`);
    expect(plan).toContain(`- page-01#1: batch ${batch?.id ?? ''} (`);
    expect(waiting).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect(collected).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', item: 'pack-1' } });
    expect(second).toMatchObject({
      exitCode: 0,
      document: { outcome: 'shipped', item: 'pack-2', remaining: 0 },
    });
    expect(model.batches()).toHaveLength(1);
    expect(model.bill.every(({ isBatch }) => isBatch)).toBe(true);
    expect(cost.document).toMatchObject({ total: { usage: { requests: 2 } } });
  });

  it('is found again when the answer to its submission was lost', async () => {
    const { world, model } = await batchWorld({
      polls: 1,
      create: (number) => (number === 1 ? 'drop' : 'answer'),
    });

    const lost = await world.regen(['--json']);
    const found = await world.regen(['--json', '--no-wait-state']);
    const after = await world.regen(['--json', '--no-wait-state']);

    expect(lost).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect([found.exitCode, after.exitCode]).toContain(0);
    expect(model.batches()).toHaveLength(1);
  });
});
