/** `regen prompt` of the worker: the pack that would be asked about, before anybody pays for it. */
import { expect, it } from 'vitest';
import { packScript } from '../../../src/demo/model/packs.js';
import type { PackPromptReport } from '../../../src/model/prompt-report.js';
import { guideConfig, guideFiles } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';

const shorter = ({ text }: { readonly text: string }): string => text.replace(/, in more words.*$/, '.');

it('shows the next pack, both ends of what is cached, and what packing saves, and asks nobody', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 2, paragraphs: 8 }),
    config: guideConfig({ worker: 'count: 12' }),
    script: packScript({ answer: shorter }),
  });

  const unplanned = await world.regen(['prompt']);
  const { exitCode, stdout } = await world.regen(['prompt', '--wire']);
  const requests = world.model.requests.length;
  await world.regen(['plan']);
  await world.regen([]);
  const next = (await world.regen(['prompt', '--json'])).document as PackPromptReport;
  const done = (await world.regen(['prompt', 'page-01#3', '--json'])).document as PackPromptReport;
  const stray = await world.regen(['prompt', '--requests', '3']);

  expect(unplanned.stdout).toContain('Prompt of guide/page-01#1 and 7 other items: model haiku, base ');
  expect(exitCode).toBe(0);
  expect(requests).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.startsWith('--'))).toEqual([
    expect.stringMatching(/^-- what all targets share ends here: 2,\d{3} tokens -+$/),
    expect.stringMatching(/^-- the prefix ends here: 2,\d{3} tokens -+$/),
  ]);
  expect(stdout).not.toContain('Claude Code');
  expect(stdout).toMatch(/^ {2}plan: 16 items in 2 calls +\$[\d.]+ +\$[\d.]+$/m);
  expect(stdout).toMatch(/^ {2}one call per item: 16 calls +\$[\d.]+ +\$[\d.]+$/m);
  expect(stdout).toContain('Prefix and message went out byte for byte.');
  expect(stdout).toContain('Cache breakpoints: system block 1 (5m), system block 2 (5m).');
  const [first] = (await world.read('.regen/ledger.jsonl'))?.split('\n') ?? [];
  expect(next).toMatchObject({ kind: 'pack', model: 'haiku', prefix: { isMeasured: false } });
  expect(next.prefix.hash).toBe((JSON.parse(first ?? '') as { prefixHash: string }).prefixHash);
  expect(next.items).toEqual(Array.from({ length: 8 }, (_, index) => `page-02#${index + 1}`));
  expect(next.cost.plan).toMatchObject({ items: 8, packs: { calls: 1 }, singles: { calls: 8 } });
  expect(done.items).toContain('page-01#3');
  expect(stray).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('a pack is one request') as string,
  });
}, 60_000);

it('counts half the price of a batch, and sends nothing while it is with the API', async () => {
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 4 }),
    config: guideConfig({ worker: 'mode: batch' }),
    script: packScript({ answer: shorter }),
  });
  await world.regen(['plan']);

  const before = (await world.regen(['prompt', '--json'])).document as PackPromptReport;
  await world.write({ 'regen.yaml': guideConfig() });
  const realtime = (await world.regen(['prompt', '--json'])).document as PackPromptReport;
  await world.write({ 'regen.yaml': guideConfig({ worker: 'mode: batch' }) });
  await world.regen([]);
  const sent = await world.regen(['prompt']);

  expect(before.cost.isBatch).toBe(true);
  expect(before.cost.plan.packs.uncached).toBeCloseTo((realtime.cost.plan.packs.uncached ?? 0) / 2, 10);
  expect(sent.stdout).toMatch(/^No item of guide is open; name one: /);
}, 60_000);
