/** What one plan comes to by item and by attempt. */
import { sharersOf } from '../model/ledger.js';
import type { LedgerRow } from '../model/ledger.js';
import { isRecord, isText, mapAt, packTallies, unpackNested, unpackTallies } from './packed.js';
import { addPartToTally, addToTally, tallyAt } from './tally.js';
import type { RowPlace, Tally } from './tally.js';

export interface PlanData {
  /** Up to which byte of the ledger. */
  offset: number;
  /** Everything, with what belongs to no item. */
  readonly targets: Map<string, Tally>;
  /** By target, and in it by item, with its parts of what it shares. */
  readonly items: Map<string, Map<string, Tally>>;
  readonly attempts: Map<string, Tally>;
}

export function emptyPlan(): PlanData {
  return { offset: 0, targets: new Map(), items: new Map(), attempts: new Map() };
}

/** @param row - of the plan. */
export function addToPlan(data: PlanData, row: LedgerRow, place: RowPlace): void {
  addToTally(tallyAt(data.targets, row.target), row, place);
  if (row.item !== null) addToTally(tallyAt(mapAt(data.items, row.target), row.item), row, place);
  const sharers = sharersOf(row);
  for (const [at, item] of sharers.entries()) {
    const tally = tallyAt(mapAt(data.items, row.target), item);
    addPartToTally(tally, row, { start: place.start, end: place.end, at, of: sharers.length });
  }
  if (row.attempt !== null) addToTally(tallyAt(data.attempts, row.attempt), row, place);
}

/** As JSON keeps it; the offset stands beside it. */
export function packPlan(plan: string, { targets, items, attempts }: PlanData): unknown {
  return {
    plan,
    targets: packTallies(targets),
    items: [...items].map(([target, tallies]) => [target, packTallies(tallies)]),
    attempts: packTallies(attempts),
  };
}

/** null: not what `packPlan` makes of this plan. */
export function unpackPlan(plan: string, packed: unknown, offset: number): PlanData | null {
  if (!isRecord(packed) || packed['plan'] !== plan) return null;
  const targets = unpackTallies(packed['targets'], isText);
  const items = unpackNested(packed['items']);
  const attempts = unpackTallies(packed['attempts'], isText);
  if (targets === null || items === null || attempts === null) return null;
  return { offset, targets, items, attempts };
}
