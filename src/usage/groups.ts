import type { PriceOverrides } from '../model/config.js';
import { sharersOf } from '../model/ledger.js';
import type { LedgerFilter, LedgerGroup, GroupKey, LedgerRow } from '../model/ledger.js';
import { dayOf } from './instants.js';
import { ownText } from './own-text.js';
import { createRates } from './rates.js';
import type { Rates } from './rates.js';
import { eachRow } from './rows.js';
import { addMessage, addPart, addSession, groupOf, noSums, togetherOf } from './sums.js';
import type { Sums } from './sums.js';

export interface GroupQuestion {
  readonly by: GroupKey;
  readonly filter: LedgerFilter;
  readonly prices: PriceOverrides;
}

/** The sums of each group, in the order in which the groups first appear. */
export async function groupsOf(
  path: string,
  { by, filter, prices }: GroupQuestion,
  say: (line: string) => void,
): Promise<readonly LedgerGroup[]> {
  const grouping = createGrouping(by, createRates(prices));
  await eachRow(path, filter, {
    row: (row) => {
      grouping.add(row);
    },
    say,
  });
  return grouping.groups();
}

/** Takes rows, one after the other, and may be asked at any time. */
export interface Grouping {
  add(row: LedgerRow): void;
  groups(): readonly LedgerGroup[];
  /** All rows together; its key is null. */
  total(): LedgerGroup;
}

export function createGrouping(by: GroupKey, rates: Rates): Grouping {
  const groups = new Map<string | null, Sums>();
  const ungrouped = noSums();
  let countedTwice = 0;
  // Rows of a group, and those of a session, mostly come one after the other.
  let last: Last | null = null;
  const lastFor = (row: LedgerRow): Last => {
    const key = keyOf(row, by);
    if (last !== null && last.key === key && last.session === row.session) return last;
    const sums = key === undefined ? ungrouped : (groups.get(key) ?? begun(groups, key));
    if (row.kind === 'message') addSession(sums, row.session);
    last = { key, session: row.kind === 'message' ? row.session : null, sums };
    return last;
  };
  return {
    add(row) {
      const sharers = by === 'item' ? sharersOf(row) : [];
      if (sharers.length > 0) {
        for (const [at, item] of sharers.entries())
          addPart(groups.get(item) ?? begun(groups, item), row, rates, { at, of: sharers.length });
        if (row.kind === 'message' && row.costUsd === null) countedTwice += sharers.length - 1;
        return;
      }
      const { sums } = lastFor(row);
      // Of a run only the time counts: its messages have rows of their own.
      if (row.kind === 'run') sums.durationMs += row.durationMs;
      else addMessage(sums, row, rates);
    },
    groups: () => [...groups].map(([key, sums]) => groupOf(key, sums)),
    total: () => {
      const { unpricedRequests, ...total } = groupOf(null, togetherOf([...groups.values(), ungrouped]));
      return { ...total, unpricedRequests: unpricedRequests - countedTwice };
    },
  };
}

interface Last {
  readonly key: string | null | undefined;
  /** null: it isn't known yet whether the group has it. */
  readonly session: string | null;
  readonly sums: Sums;
}

function begun(groups: Map<string | null, Sums>, key: string | null): Sums {
  const sums = noSums();
  groups.set(key === null ? null : ownText(key), sums);
  return sums;
}

/** undefined: a run has messages of several models, so its time is no model's. */
function keyOf(row: LedgerRow, by: GroupKey): string | null | undefined {
  switch (by) {
    case 'day':
      return dayOf(row.at);
    case 'target':
      return row.target === '' ? null : row.target; // what a session said for no item
    case 'model':
      return row.kind === 'message' ? row.model : undefined;
    default:
      return row[by];
  }
}
