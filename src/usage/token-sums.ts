/** The sums that token tables are made of, in one pass over the lines that concern them. */
import { noPlan, requestPrompt, sessionStage, usageOf } from '../model/ledger.js';
import type { LedgerFilter, LedgerRow, MessageRow } from '../model/ledger.js';
import type { TokenSum } from '../model/token-table.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { eachRow } from './rows.js';

export interface PlanBooks {
  /** The plan's key. */
  readonly plan: string;
  readonly target: string;
}

/** Everything booked for the plan, in the order in which its sums first appear. */
export async function tokenSums(path: string, { plan, target }: PlanBooks): Promise<readonly TokenSum[]> {
  const sums = new Map<string, Sum>();
  await eachOf(path, { plan, target }, (row) => {
    const key = keyOf(row);
    const sofar = sums.get(key) ?? emptySum(row);
    sums.set(key, sofar);
    sofar.sessions.add(row.session);
    if (row.kind === 'run') sofar.durationMs += row.durationMs;
    else addMessage(sofar, row);
  });
  return [...sums.values()].map(({ sessions, ...sum }) => ({ ...sum, sessions: [...sessions] }));
}

/** What these sessions said for no item. */
export async function outsideItems(path: string, sessions: readonly string[]): Promise<Usage> {
  let sum = noUsage;
  if (sessions.length === 0) return sum;
  await eachOf(path, { plan: noPlan }, (row) => {
    if (row.kind === 'message' && sessions.includes(row.session)) sum = addUsage(sum, usageOf(row));
  });
  return sum;
}

/**
 * The ids of all messages that were answered since then, whoever booked them: a session that was forked off another one,
 * or off a run's, holds the other's messages too, under the same ids.
 */
export async function messagesSince(path: string, since: Date): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await eachOf(path, { since }, (row) => {
    if (row.kind === 'message') ids.add(row.message);
  });
  return ids;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Sum extends Mutable<Omit<TokenSum, 'sessions'>> {
  readonly sessions: Set<string>;
}

function emptySum(row: LedgerRow): Sum {
  return {
    item: row.item,
    sharedBy: sharersOf(row),
    attempt: row.attempt,
    stage: row.stage,
    isFirstRound: row.round === 0,
    sessions: new Set(),
    usage: noUsage,
    pricedUsd: 0,
    estimated: noUsage,
    peakContext: 0,
    durationMs: 0,
  };
}

function keyOf(row: LedgerRow): string {
  const session = row.stage === sessionStage ? row.session : null;
  return JSON.stringify([row.item, sharersOf(row), row.attempt, row.stage, row.round === 0, session]);
}

function sharersOf(row: LedgerRow): readonly string[] {
  return row.kind === 'message' ? (row.sharedBy ?? []) : [];
}

function addMessage(sum: Sum, row: MessageRow): void {
  const usage = usageOf(row);
  sum.usage = addUsage(sum.usage, usage);
  sum.pricedUsd += row.costUsd ?? 0;
  if (row.isEstimate) sum.estimated = addUsage(sum.estimated, usage);
  sum.peakContext = Math.max(sum.peakContext, requestPrompt(row));
}

/** What can't be read is told by whoever reads all of the file. */
async function eachOf(path: string, filter: LedgerFilter, row: (row: LedgerRow) => void): Promise<void> {
  await eachRow(path, filter, { row, say: () => undefined });
}
