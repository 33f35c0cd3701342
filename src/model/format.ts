/** Tokens and money as people read them. Documents for machines carry the plain numbers. */
import { totalTokens } from './usage.js';
import type { Usage } from './usage.js';

/** `812 tokens`, `41.2k tokens`, `1.25M tokens`. */
export function formatTokens(count: number): string {
  return `${shortCount(count)} ${count === 1 ? 'token' : 'tokens'}`;
}

/** `$0.31`; below a cent four places, so that a small call isn't shown as free; `price unknown` for null. */
export function formatUsd(amount: number | null): string {
  if (amount === null) return 'price unknown';
  if (amount < 0) return `-${formatUsd(-amount)}`;
  if (amount === 0 || amount >= 0.01) return `$${amount.toFixed(2)}`;
  return amount < 0.00005 ? '<$0.0001' : `$${amount.toFixed(4)}`;
}

/** `$1.20 + ?` holds for what has a price only. */
export function formatCost(costUsd: number | null, pricedUsd: number): string {
  return costUsd === null && pricedUsd > 0 ? `${formatUsd(pricedUsd)} + ?` : formatUsd(costUsd);
}

/** `41.2k tokens, $0.31` */
export function formatUsage(usage: Usage): string {
  return `${formatTokens(totalTokens(usage))}, ${formatUsd(usage.costUsd)}`;
}

/** `28`, `5.5k`, `870.9k`, `9.5M`: a count in a column of a table. */
export function formatCount(count: number): string {
  return count < 999_950 ? shortCount(count) : `${(count / 1e6).toFixed(1)}M`;
}

function shortCount(count: number): string {
  if (count < 1000) return String(count);
  // 999,950 would round to 1000.0k.
  return count < 999_950 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1e6).toFixed(2)}M`;
}

/** A commit as people write it: its first seven digits. */
export function sha7(sha: string): string {
  return sha.slice(0, 7);
}
