/** The sums that token tables are made of, in one pass over the lines that concern them. */
import { sessionStage, usageOf } from '../model/ledger.js';
import type { LedgerRow, MessageRow } from '../model/ledger.js';
import type { TokenSum } from '../model/token-table.js';
import { addUsage, noUsage, promptTokens } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { readLines } from './ledger-file.js';
import { parseRow } from './ledger-row.js';

export interface PlanBooks {
  /** The plan's key. */
  readonly plan: string;
  readonly target: string;
}

/** Everything booked for the plan, in the order in which its sums first appear. */
export async function tokenSums(path: string, { plan, target }: PlanBooks): Promise<readonly TokenSum[]> {
  const sums = new Map<string, Sum>();
  await eachRowWith(path, JSON.stringify(plan), (row) => {
    if (row.plan !== plan || row.target !== target) return;
    const key = keyOf(row);
    const sofar = sums.get(key) ?? emptySum(row);
    sums.set(key, sofar);
    sofar.sessions.add(row.session);
    if (row.kind === 'run') sofar.durationMs += row.durationMs;
    else addMessage(sofar, row);
  });
  return [...sums.values()].map(({ sessions, ...sum }) => ({ ...sum, sessions: [...sessions] }));
}

/** What these sessions said for no item: it belongs to no plan. */
export async function outsideItems(path: string, sessions: readonly string[]): Promise<Usage> {
  let sum = noUsage;
  if (sessions.length === 0) return sum;
  await eachSessionMessage(path, (row) => {
    const isOutside = row.item === null && row.sharedBy === undefined;
    if (isOutside && sessions.includes(row.session)) sum = addUsage(sum, usageOf(row));
  });
  return sum;
}

/**
 * The ids of all messages that were booked for sessions. A session that was forked off another one holds the other's
 * messages too, under the same ids.
 */
export async function sessionMessages(path: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await eachSessionMessage(path, (row) => ids.add(row.message));
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
  if (row.isEstimate) sum.estimated = addUsage(sum.estimated, usage);
  sum.peakContext = Math.max(sum.peakContext, promptTokens(row));
}

function eachSessionMessage(path: string, each: (row: MessageRow) => void): Promise<void> {
  return eachRowWith(path, `"stage":${JSON.stringify(sessionStage)}`, (row) => {
    if (row.kind === 'message' && row.stage === sessionStage) each(row);
  });
}

/** What can't be read is told by whoever reads all of the file. */
async function eachRowWith(path: string, needle: string, each: (row: LedgerRow) => void): Promise<void> {
  const readLine = (line: string): void => {
    const parsed = parseRow(line);
    if (parsed.kind === 'row') each(parsed.row);
  };
  await readLines(path, readLine, { needle });
}
