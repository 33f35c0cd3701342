import type { LedgerFilter, LedgerRow, RunRow } from '../model/ledger.js';
import { eachRow } from './rows.js';
import type { Say } from './unread.js';

/** Runs of the agent, in the order in which they were booked. */
export async function runsOf(ledger: string, filter: LedgerFilter, say: Say): Promise<readonly RunRow[]> {
  const runs: RunRow[] = [];
  const add = (row: RunRow): void => {
    runs.push(row);
  };
  await eachRow(ledger, filter, {
    row: (row) => {
      if (row.kind === 'run') add(row);
    },
    say,
  });
  return runs;
}

/** Every row that the filter lets through, in the order in which they were booked. */
export async function rowsOf(ledger: string, filter: LedgerFilter, say: Say): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  await eachRow(ledger, filter, {
    row: (row) => {
      rows.push(row);
    },
    say,
  });
  return rows;
}
