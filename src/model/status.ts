/** Where a plan stands: what `regen status` tells. */
import type { ItemState, Mode } from './plan.js';
import type { Usage } from './usage.js';
import type { Waiting } from './wait.js';

export interface ItemStatus {
  readonly id: string;
  readonly state: ItemState;
  readonly pr: { readonly number: number; readonly url: string } | null;
  readonly score: number | null;
  readonly costUsd: number | null;
  /** Why it failed or was skipped; of a handed-off one the batch that it waits for. */
  readonly reason: string | null;
}

export interface Running {
  /** An item, a pack or what is shipped of it (`pack-2`), or the target that is audited. */
  readonly item: string;
  readonly stage: string;
  /** null: a session works on it, under a lease. */
  readonly pid: number | null;
  /** ISO 8601 */
  readonly since: string;
  /** The items of a pack. */
  readonly members?: readonly string[];
}

export interface Status {
  /** null: there is no plan. */
  readonly target: string | null;
  readonly title: string | null;
  readonly mode: Mode;
  readonly items: readonly ItemStatus[];
  readonly counts: Readonly<Record<ItemState, number>>;
  readonly running: readonly Running[];
  readonly usage: Usage;
  /** What the next steps wait for; null: nothing. */
  readonly waiting: Waiting | null;
}
