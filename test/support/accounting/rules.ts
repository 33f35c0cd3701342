/** How others count the same runs. The rules are told in our words, from their documentation and behaviour. */
import * as z from 'zod';
import { tokensOf, usageSchema } from '../../../src/model/api-usage.js';
import { totalTokens } from '../../../src/model/usage.js';
import type { TokenCounts } from '../../../src/model/usage.js';
import type { Account } from './account.js';

const none: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

export interface Rule {
  readonly name: string;
  readonly count: (account: Account) => TokenCounts;
}

export const rules: readonly Rule[] = [
  {
    name: 'stream, per event',
    count: ({ streams }) => sum(assistantsOf(streams).map(({ tokens }) => tokens)),
  },
  {
    name: 'transcript, per record',
    count: ({ transcripts }) => sum(assistantsOf(transcripts).map(({ tokens }) => tokens)),
  },
  { name: 'ccusage’s rule', count: ({ transcripts }) => sum(deduplicated(assistantsOf(transcripts))) },
  { name: 'result.usage', count: ({ streams }) => sum(resultsOf(streams).map(({ usage }) => usage)) },
  { name: 'modelUsage', count: ({ streams }) => sum(resultsOf(streams).flatMap(({ models }) => models)) },
];

interface Counted {
  readonly id: string;
  readonly requestId: string | null;
  readonly isSidechain: boolean;
  readonly tokens: TokenCounts;
}

const assistantSchema = z
  .object({
    type: z.literal('assistant'),
    isSidechain: z.boolean().default(false),
    requestId: z.string().nullish(),
    message: z.object({ id: z.string(), usage: usageSchema }),
  })
  .transform(({ isSidechain, requestId, message }): Counted => ({
    id: message.id,
    requestId: requestId ?? null,
    isSidechain,
    tokens: tokensOf(message.usage),
  }));

function assistantsOf(records: readonly unknown[]): readonly Counted[] {
  return records.flatMap((record) => assistantSchema.safeParse(record).data ?? []);
}

/**
 * As ccusage 20.0.11 does it (June 2026), over all `*.jsonl` files below `projects/`, those of subagents included: two
 * records are the same when message id and request id agree, or only the message id where one of them is a subagent's;
 * of the two it keeps the main conversation's, else the one with more tokens, else the first.
 */
function deduplicated(records: readonly Counted[]): readonly TokenCounts[] {
  const kept: Counted[] = [];
  for (const record of records) {
    const at = kept.findIndex(
      (other) =>
        other.id === record.id &&
        (other.requestId === record.requestId || other.isSidechain || record.isSidechain),
    );
    const other = kept[at];
    if (other === undefined) kept.push(record);
    else if (isPreferred(record, other)) kept[at] = record;
  }
  return kept.map(({ tokens }) => tokens);
}

function isPreferred(record: Counted, other: Counted): boolean {
  if (record.isSidechain !== other.isSidechain) return other.isSidechain;
  return totalTokens(record.tokens) > totalTokens(other.tokens);
}

const modelSchema = z
  .object({
    inputTokens: z.number(),
    outputTokens: z.number(),
    cacheReadInputTokens: z.number(),
    cacheCreationInputTokens: z.number(),
  })
  .transform((counts): TokenCounts => ({
    input: counts.inputTokens,
    output: counts.outputTokens,
    cacheRead: counts.cacheReadInputTokens,
    cacheWrite5m: counts.cacheCreationInputTokens,
    cacheWrite1h: 0,
  }));

const resultSchema = z
  .object({
    type: z.literal('result'),
    usage: usageSchema,
    modelUsage: z.record(z.string(), modelSchema),
  })
  .transform(({ usage, modelUsage }) => ({ usage: tokensOf(usage), models: Object.values(modelUsage) }));

/** Each run's last one. A stream holds one run: sessions that are gone on with have several. */
function resultsOf(streams: readonly unknown[]) {
  return streams.flatMap((line) => resultSchema.safeParse(line).data ?? []);
}

function sum(counts: readonly TokenCounts[]): TokenCounts {
  return counts.reduce(
    (total, one) => ({
      input: total.input + one.input,
      output: total.output + one.output,
      cacheRead: total.cacheRead + one.cacheRead,
      cacheWrite5m: total.cacheWrite5m + one.cacheWrite5m,
      cacheWrite1h: total.cacheWrite1h + one.cacheWrite1h,
    }),
    none,
  );
}
