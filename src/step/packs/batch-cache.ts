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
  /** With the same prefix, to the same model. */
  readonly packs: readonly PackJournal[];
  readonly prompt: PackPrompt;
  /** Whether the batch asks others as well. */
  readonly isOneOfModels: boolean;
}

/** For how long the prefix is to be kept; where that is cheaper than to send it plain, it is written now, by itself. */
export async function batchTtl(packLine: PackLine, facts: BatchFacts): Promise<Ttl> {
  const { packs, prompt } = facts;
  const { config } = packLine.line;
  const [first] = packs;
  if (first === undefined || !config.worker.prewarm) return 'off';
  const { model } = first.attempt;
  if (configuredMode(model, config.cache) === 'off') return 'off';
  const tokens = (await packLine.worker.countPrefix({ model, parts: prompt.parts }, packLine.signal)) ?? 0;
  if (tokens < cacheMinimum(model, config.cache).tokens) return 'off';
  if (!isCheaperCached(packLine, { ...facts, model, tokens })) return 'off';
  if (!(await isWrittenFor1h(packLine, first, prompt))) await prewarm(packLine, first, prompt);
  return '1h';
}

interface PrefixFacts extends BatchFacts {
  readonly model: string;
  /** Of the prefix. */
  readonly tokens: number;
}

/** Says both sums. */
function isCheaperCached(
  { line: { stations, surroundings } }: PackLine,
  { packs, model, tokens, isOneOfModels }: PrefixFacts,
): boolean {
  const price = (use: Partial<TokenCounts>, isBatch: boolean): number | null =>
    stations.ledger.price(model, { ...noTokens, ...use }, surroundings.now(), isBatch);
  const sums = batchSums({ requests: packs.length, tokens, price });
  if (sums === null) return false;
  const [cached, plain] = [formatUsd(sums.cached), formatUsd(sums.plain)];
  const isCheaper = sums.cached < sums.plain;
  const count = `${formatCount(packs.length)} ${packs.length === 1 ? 'request' : 'requests'}`;
  const subject = `the prefix of ${count}${isOneOfModels ? ` to ${model}` : ''}`;
  surroundings.progress(
    isCheaper
      ? `batch: ${subject} is cached for 1h: about ${cached}, ${plain} without`
      : `batch: ${subject} is sent plain: about ${plain}, ${cached} if cached for 1h`,
  );
  return isCheaper;
}

/** For a batch that couldn't be submitted: it is still there. */
async function isWrittenFor1h(
  { line: { stations, surroundings } }: PackLine,
  { attempt }: PackJournal,
  { prefixHash }: PackPrompt,
): Promise<boolean> {
  const now = surroundings.now();
  const rows = ofModel(await cacheRows(stations.ledger, attempt), apiModel(attempt.model));
  const use = lastUse(rows, { prefixHash, model: null, before: now });
  return use?.ttl === '1h' && isWarm(use, now);
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
