/** The items that this process holds: a pack is worked on only when all of its items are in nobody else's hands. */
import type { ItemRef } from '../../model/attempt.js';
import type { Surroundings } from '../../model/surroundings.js';
import type { HeldLock, LockHolder } from '../../system/lock.js';
import { lockItem } from '../item-lock.js';

/** What is worked on as a whole, under names that no item has. */
export const wholes = { branch: '\n branch', batches: '\n batches' } as const;

export interface HeldItems extends AsyncDisposable {
  /** Those of them that are held now, none when the first is in somebody's hands. */
  take(items: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whoever was met first. */
  readonly holder: () => LockHolder | null;
}

export function holdItems(surroundings: Surroundings, target: string): HeldItems {
  const held = new Map<string, HeldLock>();
  let holder: LockHolder | null = null;
  return {
    async take(items) {
      const taken = new Set<string>();
      for (const item of items) {
        const ref: ItemRef = { target, item };
        if (!held.has(item)) {
          const lock = await lockItem(surroundings, ref);
          if (lock.kind === 'busy') {
            holder ??= lock.holder;
            // Everybody begins with the first: who has that has them all, or will in a moment.
            if (taken.size === 0) return taken;
            continue;
          }
          held.set(item, lock);
        }
        taken.add(item);
      }
      return taken;
    },
    holder: () => holder,
    async [Symbol.asyncDispose]() {
      for (const lock of held.values()) await lock.release();
    },
  };
}
