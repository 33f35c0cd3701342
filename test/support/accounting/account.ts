/** What a scenario cost by the server's bill, and what of it is on the books. */
import { sumBill } from '../../../src/demo/model/bill.js';
import type { BillEntry } from '../../../src/demo/model/bill.js';
import type { MessageRow } from '../../../src/model/ledger.js';
import { addUsage, noUsage, promptTokens } from '../../../src/model/usage.js';
import type { TokenCounts, Usage } from '../../../src/model/usage.js';
import { costOf } from '../../../src/usage/prices.js';
import type { Certainty } from './scripts.js';

export interface Account {
  readonly title: string;
  readonly certainty: Certainty;
  readonly bill: readonly BillEntry[];
  /** The ledger's messages. */
  readonly rows: readonly MessageRow[];
  /** Every record of its transcripts, in the order of their files' names. */
  readonly transcripts: readonly unknown[];
  /** What its runs wrote to stdout, line by line. */
  readonly streams: readonly unknown[];
}

/** The bill and the books, each in two parts. */
export interface Comparison {
  /** Of answers that are on the books as exact. */
  readonly billed: Usage;
  readonly booked: Usage;
  /** Of everything else: broken off, or never listed by Claude Code. */
  readonly billedInDoubt: Usage;
  readonly estimated: Usage;
}

/** Prices the bill at the instants of the bill, as the ledger does at those of its rows. */
export function compare({ bill, rows }: Account): Comparison {
  const exact = new Set(rows.filter(({ isEstimate }) => !isEstimate).map(({ message }) => message));
  return {
    billed: chargeOf(bill.filter(({ id }) => exact.has(id))),
    booked: sumRows(rows.filter(({ isEstimate }) => !isEstimate)),
    billedInDoubt: chargeOf(bill.filter(({ id }) => !exact.has(id))),
    estimated: sumRows(rows.filter(({ isEstimate }) => isEstimate)),
  };
}

export function chargeOf(bill: readonly BillEntry[]): Usage {
  const costs = bill.map(({ model, tokens, at }) => costOf({ model, tokens, at }, {}));
  const costUsd = costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
  return { requests: bill.length, ...sumBill(bill), costUsd };
}

function sumRows(rows: readonly MessageRow[]): Usage {
  return rows.reduce(
    (sum, row) => addUsage(sum, { ...countsOf(row), requests: 1, costUsd: row.costUsd }),
    noUsage,
  );
}

function countsOf({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: TokenCounts): TokenCounts {
  return { input, output, cacheRead, cacheWrite5m, cacheWrite1h };
}

/** What can't be so, for what is known; empty when the books are right. */
export function faultsOf(account: Account): readonly string[] {
  if (account.bill.length === 0) return ['nothing was billed'];
  const { billed, booked, billedInDoubt, estimated } = compare(account);
  const doubts = doubtsOf(account.certainty, billedInDoubt, estimated);
  return [...(sameTokens(billed, booked) && sameCost(billed, booked) ? [] : ['exact']), ...doubts];
}

function doubtsOf(certainty: Certainty, billed: Usage, estimated: Usage): readonly string[] {
  const isPromptTold = promptTokens(billed) === promptTokens(estimated);
  switch (certainty) {
    case 'exact':
      return [billed, estimated].every(({ requests }) => requests === 0) ? [] : ['an estimate'];
    case 'sums':
      return sameTokens({ ...billed, requests: 1 }, { ...estimated, requests: 1 }) ? [] : ['sums'];
    case 'output':
      return billed.requests === estimated.requests && isPromptTold && estimated.output > 0 ? [] : ['output'];
    case 'prompt': {
      const off = Math.abs(promptTokens(estimated) / promptTokens(billed) - 1);
      return billed.requests === estimated.requests && off <= 0.15 ? [] : ['prompt'];
    }
    case 'unbilled':
      return billed.requests === 0 && estimated.requests === 1 && promptTokens(estimated) > 0
        ? []
        : ['unbilled'];
    case 'guess':
      return billed.requests === estimated.requests && promptTokens(estimated) >= promptTokens(billed) / 2
        ? []
        : ['guess'];
  }
}

function sameTokens(left: Usage, right: Usage): boolean {
  const kinds = ['requests', 'input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;
  return kinds.every((kind) => left[kind] === right[kind]);
}

/** To a billionth of a dollar: sums of floating-point numbers depend on their order. */
function sameCost(left: Usage, right: Usage): boolean {
  return Math.abs((left.costUsd ?? NaN) - (right.costUsd ?? NaN)) < 1e-9;
}
