/** Every way in which a pack's answer can go wrong, one after the other: nothing is lost, and nothing is applied twice. */
import { expect, it } from 'vitest';
import { packFaults, packScript } from '../../../src/demo/model/packs.js';
import { guideConfig, guideFiles, paragraphText } from '../../support/guide.js';
import { makeWorld } from '../../support/world.js';
import type { World } from '../../support/world.js';

const once = ({ text }: { readonly text: string }): string => `${text} Once.`;

type Tokens = Readonly<
  Record<'requests' | 'input' | 'output' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h', number>
>;

/** What each step told of, until the plan is archived. */
async function untilDone(world: World): Promise<readonly Tokens[]> {
  const told: Tokens[] = [];
  for (let step = 0; step < 60; step += 1) {
    const { document, stderr } = await world.regen(['--json', '--no-wait-state']);
    const { outcome, error, usage } = document as {
      readonly outcome?: string;
      readonly error?: unknown;
      readonly usage?: Tokens;
    };
    if (error !== undefined) throw new Error(stderr);
    if (outcome === 'archived') return told;
    if (usage !== undefined) told.push(usage);
  }
  throw new Error('60 steps were not enough');
}

it.each(['realtime', 'batch'])(
  'survives every fault of an answer, books what was billed, and tells it once: %s',
  async (mode) => {
    const pages = 3;
    const paragraphs = 12;
    await using world = await makeWorld({
      files: guideFiles({ pages, paragraphs }),
      config: guideConfig({
        worker: `count: 6, mode: ${mode}, poll: 1s`,
        ship: '{ to: branch, per: target }',
      }),
      script: packScript({
        answer: once,
        faults: ({ number }) => (number % 2 === 1 ? packFaults[(number - 1) / 2] : null) ?? null,
      }),
    });

    const told = await untilDone(world);
    await world.repository.git('fetch', '--quiet', 'origin');
    const cost = await world.regen(['cost', '--json']);

    // In a batch a block may be hit by a fault each time that it is alone.
    for (let page = 1; page <= pages && mode === 'realtime'; page += 1) {
      const file = `docs/guide/page-0${page}.md`;
      const expected = (guideFiles({ pages, paragraphs })[file] ?? '').replace(
        /^Paragraph .*$/gm,
        (text) => `${text} Once.`,
      );
      expect(await world.repository.git('show', `origin/regen/guide/all:${file}`)).toBe(expected.trimEnd());
    }
    const billed = world.model.bill.reduce(
      (sum, { tokens }) =>
        sum + tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h,
      0,
    );
    const { usage } = (cost.document as { total: { usage: Tokens } }).total;
    const kinds = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;
    expect(kinds.reduce((sum, kind) => sum + usage[kind], 0)).toBe(billed);
    for (const kind of ['requests', ...kinds] as const)
      expect(told.reduce((sum, one) => sum + one[kind], 0)).toBe(usage[kind]);
  },
  120_000,
);

it('gives up an item that has no result alone twice, and ticks the others at once', async () => {
  const lost = paragraphText(1, 3);
  await using world = await makeWorld({
    files: guideFiles({ pages: 1, paragraphs: 6 }),
    config: guideConfig({ worker: 'count: 6' }),
    script: packScript({ answer: (block) => (block.text === lost ? null : once(block)) }),
  });
  await world.regen(['plan', 'guide']);

  const first = await world.regen(['--json']);
  const plan = await world.read('.regen-plan.md');
  const second = await world.regen(['--json']);

  expect(first).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 1 } });
  expect(plan?.match(/^- \[x\]/gm)).toHaveLength(5);
  expect(second).toMatchObject({
    exitCode: 1,
    document: { outcome: 'failed', item: 'page-01#3', remaining: 0 },
  });
  expect(await world.read('.regen-plan.md')).toMatch(
    /^- page-01#3: FAILED: the answer has no result for it; asked alone twice \(pack 3\) \(/m,
  );
});
