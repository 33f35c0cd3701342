/** The accounts as tables for people. */
import { addUsage, promptTokens, totalTokens } from '../../../src/model/usage.js';
import type { TokenCounts, Usage } from '../../../src/model/usage.js';
import { chargeOf, compare } from './account.js';
import type { Account } from './account.js';
import { rules } from './rules.js';

type Row = readonly string[];

/** Bill and books side by side, `billed/booked`; what is estimated stands apart, in the last three columns. */
export function comparisonTable(accounts: readonly Account[]): string {
  const head: Row = [
    ...['scenario', 'requests', 'input', 'output', 'cache read', 'write 5m', 'write 1h', 'USD'],
    ...['| estimated', 'prompt', 'output', 'USD'],
  ];
  return columns([head, ...accounts.map(comparisonRow)]);
}

function comparisonRow(account: Account): Row {
  const { billed, booked, billedInDoubt, estimated } = compare(account);
  const exact = (['requests', 'input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const).map(
    (kind) => both(billed[kind], booked[kind]),
  );
  const hasDoubt = billedInDoubt.requests + estimated.requests > 0;
  const apart = [
    `| ${both(billedInDoubt.requests, estimated.requests)}`,
    both(promptTokens(billedInDoubt), promptTokens(estimated)),
    both(billedInDoubt.output, estimated.output),
    dollars(billedInDoubt, estimated),
  ];
  return [account.title, ...exact, dollars(billed, booked), ...(hasDoubt ? apart : ['|'])];
}

function both(billed: number, booked: number): string {
  return `${billed}/${booked}`;
}

function dollars(billed: Usage, booked: Usage): string {
  return [billed, booked].map(({ costUsd }) => costUsd?.toFixed(5) ?? 'none').join('/');
}

/** All tokens and output tokens of each rule as factors of the bill's; a dash where a rule has nothing to add up. */
export function rulesTable(accounts: readonly Account[]): string {
  const head: Row = ['scenario', 'billed', 'output', 'regen', ...rules.map(({ name }) => name)];
  const rows = accounts.map(countsOf);
  return columns([
    head,
    ...rows.map(({ title, counts }) => [title, ...factors(counts)]),
    ['together', ...factors(together(rows.map(({ counts }) => counts)))],
  ]);
}

/** The bill, ours, and each rule's. */
type Counts = readonly [bill: TokenCounts, ...others: readonly TokenCounts[]];

function countsOf(account: Account): { readonly title: string; readonly counts: Counts } {
  const { booked, estimated } = compare(account);
  return {
    title: account.title,
    counts: [
      chargeOf(account.bill),
      addUsage(booked, estimated),
      ...rules.map(({ count }) => count(account)),
    ],
  };
}

function factors([bill, ...others]: Counts): Row {
  const factor = (part: number, whole: number): string => (part / whole).toFixed(2);
  const cells = others.map((counts) =>
    totalTokens(counts) === 0
      ? '-'
      : `${factor(totalTokens(counts), totalTokens(bill))} ${factor(counts.output, bill.output)}`,
  );
  return [String(totalTokens(bill)), String(bill.output), ...cells];
}

function together([first, ...rest]: readonly Counts[]): Counts {
  const add = (one: TokenCounts, other: TokenCounts | undefined): TokenCounts => ({
    input: one.input + (other?.input ?? 0),
    output: one.output + (other?.output ?? 0),
    cacheRead: one.cacheRead + (other?.cacheRead ?? 0),
    cacheWrite5m: one.cacheWrite5m + (other?.cacheWrite5m ?? 0),
    cacheWrite1h: one.cacheWrite1h + (other?.cacheWrite1h ?? 0),
  });
  return rest.reduce<Counts>(
    ([bill, ...others], [nextBill, ...next]) => [
      add(bill, nextBill),
      ...others.map((one, at) => add(one, next[at])),
    ],
    first ?? [chargeOf([])],
  );
}

/** The first column flush left, the others flush right. */
function columns(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const line = (row: Row): string =>
    widths
      .map((width, at) => (at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
