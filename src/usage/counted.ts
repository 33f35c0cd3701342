/** Messages added up in place: a ledger may have a million of them, and an object for each sum would be most of the work. */
import { equalPart } from '../model/apportion.js';
import type { PartPlace } from '../model/apportion.js';
import type { MessageRow } from '../model/ledger.js';
import type { TokenCounts, Usage } from '../model/usage.js';

/** What messages used, those without a price counted apart. */
export type Counted = { -readonly [Kind in keyof TokenCounts]: TokenCounts[Kind] } & {
  requests: number;
  /** US dollars of the messages that have a price. */
  pricedUsd: number;
  /** Messages without one. */
  unpriced: number;
};

/** Written out, without spreading: thousands of them are made for one look at a long ledger. */
export function nothingCounted(): Counted {
  return {
    requests: 0,
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    pricedUsd: 0,
    unpriced: 0,
  };
}

export function count(counted: Counted, row: MessageRow): void {
  counted.requests += 1;
  counted.input += row.input;
  counted.output += row.output;
  counted.cacheRead += row.cacheRead;
  counted.cacheWrite5m += row.cacheWrite5m;
  counted.cacheWrite1h += row.cacheWrite1h;
  if (row.costUsd === null) counted.unpriced += 1;
  else counted.pricedUsd += row.costUsd;
}

/** What one of those that share a message equally has of it. A price that is missing is missing for each of them. */
export function partOf(row: MessageRow, place: PartPlace): Counted {
  return {
    requests: equalPart(1, place),
    input: equalPart(row.input, place),
    output: equalPart(row.output, place),
    cacheRead: equalPart(row.cacheRead, place),
    cacheWrite5m: equalPart(row.cacheWrite5m, place),
    cacheWrite1h: equalPart(row.cacheWrite1h, place),
    pricedUsd: (row.costUsd ?? 0) / place.of,
    unpriced: row.costUsd === null ? 1 : 0,
  };
}

export function addCounted(sum: Counted, part: Counted): void {
  sum.requests += part.requests;
  sum.input += part.input;
  sum.output += part.output;
  sum.cacheRead += part.cacheRead;
  sum.cacheWrite5m += part.cacheWrite5m;
  sum.cacheWrite1h += part.cacheWrite1h;
  sum.pricedUsd += part.pricedUsd;
  sum.unpriced += part.unpriced;
}

export function usageOfCounted(counted: Counted): Usage {
  const { requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h, pricedUsd, unpriced } = counted;
  const costUsd = unpriced > 0 ? null : pricedUsd;
  return { requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h, costUsd };
}
