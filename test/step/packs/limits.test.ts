import { describe, expect, it } from 'vitest';
import { RegenError } from '../../../src/model/errors.js';
import { worker } from '../../../src/model/config-worker.js';
import type { TokenCounts } from '../../../src/model/usage.js';
import type { PackLine } from '../../../src/step/packs/context.js';
import { packRoomFor } from '../../../src/step/packs/limits.js';
import { packLimits } from '../../../src/worker/pack.js';

const never = new AbortController().signal;

interface Given {
  /** null: the API doesn’t count. */
  readonly prefix?: number | null;
  readonly rules?: string;
  readonly price?: (model: string, tokens: TokenCounts) => number | null;
}

/** Limits for haiku, whose prefix of 10,000 tokens has so many of tools before it. */
async function roomWith(
  tools: number,
  settings: Readonly<Record<string, unknown>>,
  { prefix = 10_000, rules = 'Rules.', price = (): number | null => null }: Given = {},
) {
  const packLine = {
    line: {
      config: { worker: worker.parse({ context: 100_000, maxOutput: 4000, ...settings }) },
      stations: {
        workspace: { tree: () => ({}) },
        prompts: { pack: () => Promise.resolve({ parts: [rules], prefix: rules }) },
        ledger: { price },
      },
      surroundings: { now: () => new Date('2026-05-02T14:00:00Z') },
    },
    ...{ plan: { target: 'guide' }, base: 'b', references: { whole: [], search: null }, signal: never },
    worker: {
      countPrefix: () => Promise.resolve(prefix),
      toolTokens: () => Promise.resolve(tools),
      limits: packLimits,
    },
  } as unknown as PackLine; // what a pack may hold is reckoned from no more of it
  return (await packRoomFor(packLine, ['haiku'])).limits('haiku');
}

const refusal = (tools: number, settings: Readonly<Record<string, unknown>>): Promise<unknown> =>
  roomWith(tools, settings).then(
    () => null,
    (error: unknown) => (error instanceof RegenError ? [error.code, error.message, error.hint] : error),
  );

describe('what a call may hold', () => {
  it('is what the prefix and the longest answer leave of the window', async () => {
    expect((await roomWith(0, {})).input).toBe(Math.floor(0.9 * 86_000));
  });

  it('is less by what the tools take, and by a tenth of the window for what they answer', async () => {
    expect((await roomWith(0, { mcp: {} })).input).toBe(Math.floor(0.9 * 76_000));
    expect((await roomWith(40_000, { mcp: {} })).input).toBe(Math.floor(0.9 * 36_000));
  });

  it('is no more than the first call of a loop may take', async () => {
    expect((await roomWith(40_000, { mcp: { maxTokens: 60_000 } })).input).toBe(Math.floor(0.9 * 10_000));
  });

  it('is refused where tools take more than half of the window, or leave no room for a block', async () => {
    const hint =
      'Name the tools that are needed in worker.mcp.servers.<name>.tools, or raise worker.mcp.maxTokens.';

    expect(await refusal(50_001, { mcp: {} })).toEqual([
      'config',
      'the tools of worker.mcp take 50.0k tokens of every call of haiku, and the rest of the prefix 10.0k: too much for a window of 100.0k and worker.mcp.maxTokens: 200000',
      hint,
    ]);
    expect(await refusal(40_000, { mcp: { maxTokens: 50_000 } })).toEqual([
      'config',
      'the tools of worker.mcp take 40.0k tokens of every call of haiku, and the rest of the prefix 10.0k: too much for a window of 100.0k and worker.mcp.maxTokens: 50000',
      hint,
    ]);
  });

  it('is refused where the prefix fills the window beside the longest answer', async () => {
    expect((await roomWith(0, { context: 14_002 })).input).toBe(1);
    expect(await refusal(0, { context: 14_000 })).toEqual([
      'config',
      'the prefix takes 10.0k tokens of every call of haiku: beside worker.maxOutput: 4000 a window of 14.0k has no room for a block',
      'Shorten what prompt.static and prompt.references name, or change worker.context or worker.maxOutput.',
    ]);
  });

  it('is tried one by one where the prefix is only estimated to fill the window, and refused far beyond', async () => {
    const uncounted = (length: number) =>
      roomWith(0, { context: 14_000, system: 0 }, { prefix: null, rules: 'x'.repeat(length) });

    expect((await uncounted(3.5 * 9000)).input).toBe(900);
    expect((await uncounted(3.5 * 15_000)).input).toBe(0);
    await expect(uncounted(3.5 * 16_001)).rejects.toThrow('has no room for a block');
  });

  it.each([
    [10_000, 90_000],
    [75_000, 25_000],
    // Blocks would have less than a quarter of the cheap prompt: the whole window then.
    [75_001, 120_999],
    [156_390, 39_610],
  ])('ends at the lower price where a prefix of %i tokens leaves enough below it', async (prefix, left) => {
    const price = (_model: string, { input }: TokenCounts): number => (input > 100_000 ? 2 : 1);
    const { input } = await roomWith(0, { context: 200_000 }, { prefix, price });

    expect(input).toBe(Math.floor(0.9 * left));
  });
});
