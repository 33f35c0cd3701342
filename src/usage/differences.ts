/** Runs that told other sums than were booked. */
import type { Differences, RunDifference } from '../model/cost.js';
import type { ReportedUsage, RunRow } from '../model/ledger.js';

/** More of them are counted and added up, not listed. */
const mostListed = 20;

export interface DifferenceSums {
  add(row: RunRow): void;
  all(): Differences;
}

export function createDifferences(): DifferenceSums {
  const first: RunDifference[] = [];
  let runs = 0;
  let sum: ReportedUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };
  return {
    add({ target, item, stage, session, run, difference }) {
      if (difference === null) return;
      runs += 1;
      sum = added(sum, difference);
      if (first.length < mostListed) first.push({ target, item, stage, session, run, difference });
    },
    all: () => ({ runs, sum, first }),
  };
}

function added(left: ReportedUsage, right: ReportedUsage): ReportedUsage {
  return {
    input: left.input + right.input,
    output: left.output + right.output,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite: left.cacheWrite + right.cacheWrite,
    costUsd: left.costUsd === null || right.costUsd === null ? null : left.costUsd + right.costUsd,
  };
}
