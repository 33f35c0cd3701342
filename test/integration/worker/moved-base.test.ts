/** The base moves while answers wait: a text that is gone is neither asked about nor written, and every step ends. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import { batchWorld } from '../../support/batch-world.js';
import { commitElsewhere, killAtPush, mergeElsewhere } from '../../support/elsewhere.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import type { GuideConfig } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const page = 'docs/guide/page-01.md';
const twice = ({ text }: { readonly text: string }): string => `${text} Once.`;
const newText = 'Somebody has rewritten it, and says something else.';

const rewritten =
  (number: number) =>
  (text: string): string =>
    text.replace(paragraphText(1, number), newText);

async function world(config: GuideConfig, paragraphs = 3): Promise<World> {
  const made = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs }),
    config: guideConfig({ worker: 'count: 4', ...config }),
    script: packScript({ answer: twice }),
  });
  await made.regen(['plan', 'guide']);
  return made;
}

async function marks(from: World): Promise<string> {
  const plan = (await from.read('.regen-plan.md')) ?? '';
  return [...plan.matchAll(/^- \[(.)\] page-01#\d$/gm)].map(([, mark]) => mark).join('');
}

async function edited(from: World, edit: (plan: string) => string): Promise<void> {
  await from.write({ '.regen-plan.md': edit((await from.read('.regen-plan.md')) ?? '') });
}

describe('an answer for a text that the base has no longer', () => {
  it('is dropped when it comes from a batch, and the item is asked about as it stands', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world: own, model } = both;
    const steps = async (count: number) => {
      for (let step = 1; step <= count; step += 1) await own.regen(['--no-wait-state']);
    };
    await steps(3);
    await edited(own, (plan) => plan.replace('- [x] page-01#2\n', '- [ ] page-01#2\n'));
    await steps(1);
    // The first answer is merged while the second is on its way.
    await mergeElsewhere(own, 'regen/guide/pack-1');

    const dropped = await own.regen(['--json', '--no-wait-state']);
    await steps(1);
    const plan = await own.read('.regen-plan.md');

    expect(dropped).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
    expect(dropped.stderr).toContain('the base has other text now than was asked about: page-01#2');
    expect(model.batches()).toHaveLength(3);
    expect(plan).not.toMatch(/^- \[[ ~]\]/m);
  });

  it('is dropped when its push was refused before', async () => {
    await using own = await world({});
    await own.regen([]);
    await own.regen(['retry', 'page-01#2']);
    const hook = path.join(own.repository.remote, 'hooks', 'pre-receive');
    await writeFile(hook, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const refused = await own.regen([]);
    await rm(hook);
    await mergeElsewhere(own, 'regen/guide/pack-1');
    await own.regen(['retry', '--failed']);

    const step = await own.regen(['--json']);

    expect(refused.exitCode).toBe(1);
    expect(step.document).toMatchObject({ outcome: 'shipped', items: [{ id: 'page-01#2' }], remaining: 0 });
    expect(own.model.bill).toHaveLength(3);
  });

  it('keeps nothing else from being shipped where the plan doesn’t name its base', async () => {
    await using both = await batchWorld({ polls: 1 });
    const { world: own } = both;
    await edited(own, (plan) => plan.replace(/^- Base:.*\n/m, ''));
    await own.regen([]);
    await commitElsewhere(own, 'main', { [page]: rewritten(2) });

    const first = await own.regen(['--json', '--no-wait-state']);
    const second = await own.regen(['--json', '--no-wait-state']);

    expect(first.document).toMatchObject({ outcome: 'shipped', item: 'pack-1' });
    expect(second.document).toMatchObject({ outcome: 'shipped', item: 'pack-2', remaining: 1 });
    // Asked about anew, as it stands.
    expect(await marks(own)).toBe('x xxxx');
  });
});

describe('what a person has rewritten', () => {
  it('is left alone when the shipment of another item of its pack was interrupted', async () => {
    await using own = await world({ ship: '{ to: branch, per: item }' });
    await killAtPush(own);
    await commitElsewhere(own, 'main', { [page]: rewritten(2) });

    const resumed = await own.regen(['--json']);
    const next = await own.regen(['--json']);

    expect(resumed.document).toMatchObject({ outcome: 'shipped', items: [{ id: 'page-01#1' }] });
    expect(next.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
    expect(await marks(own)).toBe('x-x');
    expect(own.model.bill).toHaveLength(1);
  });

  it('is left alone when the pack couldn’t be checked before', async () => {
    await using own = await world({ checks: "  setup: 'test -e ready'\n  run: []" });
    const stopped = await own.regen([]);
    await commitElsewhere(own, 'main', { [page]: rewritten(2) });
    await own.write({ 'regen.yaml': guideConfig({ worker: 'count: 4' }) });

    const step = await own.regen(['--json']);

    expect(stopped.exitCode).toBe(3);
    expect(step.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
    expect(await marks(own)).toBe('x-x');
    await mergeElsewhere(own, 'regen/guide/pack-1');
    expect(own.model.bill).toHaveLength(1);
  });

  it('is left alone on a target’s one branch, which is older; the new rules are what is asked by', async () => {
    await using own = await world({ worker: 'count: 2', ship: '{ to: branch, per: target }' }, 4);
    await own.regen([]);
    await commitElsewhere(own, 'main', { [page]: rewritten(4), 'docs/style.md': '# Style\n\nShout.\n' });

    const step = await own.regen(['--json']);

    expect(step.document).toMatchObject({ outcome: 'shipped', remaining: 0 });
    expect(await marks(own)).toBe('xxx-');
    expect(own.model.requests.at(-1)?.body.toString()).toContain('Shout.');
    await mergeElsewhere(own, 'regen/guide/all');
  });
});

it('what was asked by other rules isn’t unchanged, however late its answer was shipped', async () => {
  await using both = await batchWorld({ polls: 1 }, { skip: ', { when: unchanged }' });
  const { world: own } = both;
  await own.regen([]);
  await commitElsewhere(own, 'main', { 'docs/style.md': '# Style\n\nShout.\n' });
  for (const pack of ['pack-1', 'pack-2']) {
    await own.regen(['--no-wait-state']);
    await mergeElsewhere(own, `regen/guide/${pack}`);
  }
  await own.regen(['--no-wait-state']);

  const plan = await own.regen(['plan', 'guide', '--json']);

  expect(plan.document).toMatchObject({
    skipped: expect.not.arrayContaining([{ id: 'page-01#1' }]) as unknown,
  });
  expect(await marks(own)).toBe('      ');
});
