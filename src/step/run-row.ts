/** The ledger's row of a run: its messages added up, beside what the binary says of itself. Pure. */
import type { Commission } from '../model/attempt.js';
import { requestPrompt, usageOf } from '../model/ledger.js';
import type { MessageRow, ReportedUsage, RunRow } from '../model/ledger.js';
import { addUsage, noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';

export interface RunPlace extends Pick<Commission, 'plan' | 'target' | 'item' | 'members' | 'uuid'> {
  readonly stage: string;
  readonly round: number;
  readonly session: string;
  /** The run's folder below the attempt's. */
  readonly run: string;
  readonly prefixHash: string;
}

export interface RunEnd {
  readonly at: Date;
  readonly outcome: string;
  readonly durationMs: number;
  readonly reported: ReportedUsage | null;
  readonly cache?: Pick<RunRow, 'cache' | 'drift' | 'ttl'>;
}

/** @param rows - the run's messages, as they were booked. */
export function runRow(place: RunPlace, rows: readonly MessageRow[], end: RunEnd): RunRow {
  const { plan, target, item, members, uuid: attempt, stage, round, session, run, prefixHash } = place;
  const estimates = rows.filter(({ isEstimate }) => isEstimate);
  const exact = sum(rows.filter(({ isEstimate }) => !isEstimate));
  return {
    v: 2,
    kind: 'run',
    at: end.at.toISOString(),
    ...{ plan, target, item, stage, round, attempt, session, run },
    outcome: end.outcome,
    durationMs: Math.round(end.durationMs),
    prefixHash,
    ...end.cache,
    usage: sum(rows),
    estimated: sum(estimates),
    peakContext: Math.max(0, ...rows.map(requestPrompt)),
    reported: end.reported,
    difference: end.reported === null ? null : differenceOf(end.reported, exact),
    ...(item === null && members !== undefined ? { sharedBy: members } : {}),
  };
}

/**
 * Estimates aren't taken off, although they may be just what is missing: nobody has seen the messages that they stand
 * for, and a gap that is filled by a guess isn't agreement.
 */
function differenceOf(reported: ReportedUsage, exact: Usage): ReportedUsage | null {
  const tokens = {
    input: reported.input - exact.input,
    output: reported.output - exact.output,
    cacheRead: reported.cacheRead - exact.cacheRead,
    cacheWrite: reported.cacheWrite - exact.cacheWrite5m - exact.cacheWrite1h,
  };
  if (Object.values(tokens).every((count) => count === 0)) return null;
  const isPriced = reported.costUsd !== null && exact.costUsd !== null;
  return { ...tokens, costUsd: isPriced ? reported.costUsd - exact.costUsd : null };
}

function sum(rows: readonly MessageRow[]): Usage {
  return rows.reduce((total, row) => addUsage(total, usageOf(row)), noUsage);
}
