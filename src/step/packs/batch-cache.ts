/** Whether a batch's requests share a cached prefix, and who writes it. */
import { cacheMinimum } from '../../model/cache-minimum.js';
import { configuredMode } from '../../model/cache-mode.js';
import type { Ttl } from '../../model/cache-mode.js';
import { formatCount, formatUsd } from '../../model/format.js';
import type { PackPrompt } from '../../model/prompt.js';
import { apiModel } from '../../model/model-name.js';
import { noTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';
import { isWarm } from '../../model/cache-use.js';
import { runBooked } from '../agent-run.js';
import { grantUsd } from '../budget.js';
import { lastUse, ofModel } from '../cache-history.js';
import { cacheRows } from '../expected-ttl.js';
import { runContextOf } from './context.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';

interface BatchFacts {
  /** With the same prefix. */
  readonly packs: readonly PackJournal[];
  readonly prompt: PackPrompt;
}

/** For how long the prefix is to be kept; where that is cheaper than to send it plain, it is written now, by itself. */
export async function batchTtl(packLine: PackLine, { packs, prompt }: BatchFacts): Promise<Ttl> {
  const { line, worker, signal } = packLine;
  const { config, stations, surroundings } = line;
  const [first] = packs;
  if (first === undefined) return 'off';
  const { model } = first.attempt;
  const isAlike = packs.every(({ attempt }) => attempt.model === model);
  const mode = configuredMode(model, config.cache);
  const tokens = (await worker.countPrefix({ model, parts: prompt.parts }, signal)) ?? 0;
  if (mode === 'off' || !isAlike || tokens < cacheMinimum(model, config.cache).tokens) return 'off';
  const price = (use: Partial<TokenCounts>, isBatch: boolean): number | null =>
    stations.ledger.price(model, { ...noTokens, ...use }, surroundings.now(), isBatch);
  const sums = batchSums({ requests: packs.length, tokens, price });
  if (sums === null || sums.cached >= sums.plain || !config.worker.prewarm) return 'off';
  surroundings.progress(
    `batch: the prefix of ${formatCount(packs.length)} requests is cached for 1h: about ${formatUsd(sums.cached)}, ${formatUsd(sums.plain)} without`,
  );
  const now = surroundings.now();
  const rows = await cacheRows(stations.ledger, first.attempt);
  const use = lastUse(ofModel(rows, apiModel(model)), {
    prefixHash: prompt.prefixHash,
    model: null,
    before: now,
  });
  // Written for a batch that couldn't be submitted: it is still there.
  if (use?.ttl !== '1h' || !isWarm(use, now)) await prewarm(packLine, first, prompt);
  return '1h';
}

interface Pricing {
  readonly requests: number;
  /** Of the prefix. */
  readonly tokens: number;
  readonly price: (use: Partial<TokenCounts>, isBatch: boolean) => number | null;
}

/** A batch's requests run side by side, at times an hour apart: this share of them is taken to find the prefix cached. */
export const expectedHits = 0.75;

/** US dollars for the prefix of all requests: written once and read by most, or sent plain. null: there is no price. Pure. */
export function batchSums({
  requests,
  tokens,
  price,
}: Pricing): { readonly cached: number; readonly plain: number } | null {
  const write = price({ cacheWrite1h: tokens }, false);
  const read = price({ cacheRead: tokens }, true);
  const rewrite = price({ cacheWrite1h: tokens }, true);
  const plain = price({ input: tokens }, true);
  if (write === null || read === null || rewrite === null || plain === null) return null;
  const each = expectedHits * read + (1 - expectedHits) * rewrite;
  return { cached: write + requests * each, plain: requests * plain };
}

async function prewarm(packLine: PackLine, pack: PackJournal, prompt: PackPrompt): Promise<void> {
  const { line, worker } = packLine;
  const context = runContextOf(packLine, pack);
  await using grant = await grantUsd(context, { atMost: null, atLeast: 0 });
  if (grant === null) return;
  const { parts, prefix, prefixHash } = prompt;
  await runBooked(context, {
    ...{ stage: 'prewarm', effect: 'run', sessionId: line.surroundings.newId(), resume: false },
    ...{ parts, prefix, prefixHash, message: '.', model: pack.attempt.model, cwd: pack.attempt.directory },
    ...{ schema: worker.schema, isPrewarm: true, isApi: true, ttl: '1h' as const, grant },
  });
}
