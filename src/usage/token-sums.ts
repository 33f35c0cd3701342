/** The sums that token tables are made of, in one pass over the lines that concern them. */
import { equalPart } from '../model/apportion.js';
import type { PartPlace } from '../model/apportion.js';
import { noPlan, requestPrompt, sessionStage, sharersOf, usageOf } from '../model/ledger.js';
import type { LedgerFilter, LedgerRow } from '../model/ledger.js';
import type { TokenSum } from '../model/token-table.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { partOf, usageOfCounted } from './counted.js';
import { eachRow } from './rows.js';

export interface PlanBooks {
  /** The plan's key. */
  readonly plan: string;
  readonly target: string;
}

/**
 * Everything booked for the plan, in the order in which its sums first appear. What a pack took is here in equal parts, an
 * item's own each; only turns of sessions still have those that share them.
 */
export async function tokenSums(path: string, { plan, target }: PlanBooks): Promise<readonly TokenSum[]> {
  const sums = new Map<string, Sum>();
  const sumOf = (row: LedgerRow, owner: Owner): Sum => {
    const key = keyOf(row, owner);
    const sofar = sums.get(key) ?? emptySum(row, owner);
    sums.set(key, sofar);
    sofar.sessions.add(row.session);
    return sofar;
  };
  await eachOf(path, { plan, target }, (row) => {
    const sharers = sharersOf(row);
    if (sharers.length === 0) addRow(sumOf(row, { item: row.item, sharedBy: turnOf(row) }), row, whole);
    for (const [at, item] of sharers.entries())
      addRow(sumOf(row, { item, sharedBy: [] }), row, { at, of: sharers.length });
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

/** Whose a sum is. */
type Owner = Pick<TokenSum, 'item' | 'sharedBy'>;

function emptySum(row: LedgerRow, { item, sharedBy }: Owner): Sum {
  return {
    item,
    sharedBy,
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

function keyOf(row: LedgerRow, { item, sharedBy }: Owner): string {
  const session = row.stage === sessionStage ? row.session : null;
  return JSON.stringify([item, sharedBy, row.attempt, row.stage, row.round === 0, session]);
}

/** Those who share a session's turn. */
function turnOf(row: LedgerRow): readonly string[] {
  return row.kind === 'message' ? (row.sharedBy ?? []) : [];
}

const whole: PartPlace = { at: 0, of: 1 };

/** Of a run only the time counts: its messages have rows of their own. */
function addRow(sum: Sum, row: LedgerRow, place: PartPlace): void {
  if (row.kind === 'run') {
    sum.durationMs += place.of === 1 ? row.durationMs : equalPart(row.durationMs, place);
    return;
  }
  const part = partOf(row, place);
  const usage = usageOfCounted(part);
  sum.usage = addUsage(sum.usage, usage);
  sum.pricedUsd += part.pricedUsd;
  if (row.isEstimate) sum.estimated = addUsage(sum.estimated, usage);
  sum.peakContext = Math.max(sum.peakContext, requestPrompt(row));
}

/** What can't be read is told by whoever reads all of the file. */
async function eachOf(path: string, filter: LedgerFilter, row: (row: LedgerRow) => void): Promise<void> {
  await eachRow(path, filter, { row, say: () => undefined });
}
