/** Calls that neither stream nor transcript list, such as summaries of fetched pages: known only as sums. */
import type { ModelMessage, TokenCounts } from '../model/usage.js';
import type { RunResult } from './result.js';

const kinds = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;

/**
 * What the binary's own sums hold beyond the listed messages, as one message, or null. Only for a session's first run:
 * whether the sums of a resumed one start afresh differs between versions. It is an estimate, for which model and
 * which kind of cache write it was isn't certain.
 */
export function unlistedMessage(
  sessionId: string,
  modelUsage: RunResult['modelUsage'],
  messages: readonly ModelMessage[],
): ModelMessage | null {
  const exact = messages.filter(({ isEstimate }) => !isEstimate);
  const rest = excess(
    Object.values(modelUsage),
    exact.map(({ tokens }) => tokens),
  );
  if (kinds.every((kind) => rest[kind] === 0)) return null;
  const listed = new Set(exact.map(({ model }) => model));
  const models = Object.keys(modelUsage);
  const model = models.find((name) => !listed.has(name)) ?? models[0] ?? 'unknown';
  return { id: `${sessionId}:unlisted`, model, tokens: rest, isSidechain: true, isEstimate: true };
}

function excess(whole: readonly TokenCounts[], listed: readonly TokenCounts[]): TokenCounts {
  const left = (kind: (typeof kinds)[number]): number => Math.max(0, sum(whole, kind) - sum(listed, kind));
  // The sums don't tell the two kinds of cache writes apart: compare them together.
  const written = sum(whole, 'cacheWrite5m') - sum(listed, 'cacheWrite5m') - sum(listed, 'cacheWrite1h');
  return {
    input: left('input'),
    output: left('output'),
    cacheRead: left('cacheRead'),
    cacheWrite5m: Math.max(0, written),
    cacheWrite1h: 0,
  };
}

function sum(counts: readonly TokenCounts[], kind: (typeof kinds)[number]): number {
  return counts.reduce((total, each) => total + each[kind], 0);
}
