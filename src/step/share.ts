/** How much of what a limit leaves one run may set aside. Pure. */

/** A limit that runs side by side keep together: the target's or the day's. US dollars. */
export interface SharedLimit {
  /** The limit less what is booked; above 0. */
  readonly left: number;
  /** Set aside by others. */
  readonly reserved: number;
  /** How many others. */
  readonly holders: number;
}

export interface Wish {
  /** The item's rest, or what else bounds the run; null: nothing does. */
  readonly atMost: number | null;
  /** Less than this is no use to the run while others give money back. */
  readonly atLeast: number;
  /** How many may be at work at once, this one included. */
  readonly slots: number;
}

export type Share<Limit extends SharedLimit> =
  | { readonly kind: 'share'; readonly usd: number }
  /** Others hold what the run needs. */
  | { readonly kind: 'held'; readonly limit: Limit };

/**
 * What is neither spent nor set aside is divided between the run and those that may still begin beside it, so that
 * several work at once and nobody overshoots. Who is alone gets all that is left.
 */
export function shareOf<Limit extends SharedLimit>(limits: readonly Limit[], wish: Wish): Share<Limit> {
  const atMost = wish.atMost ?? Infinity;
  const needed = Math.min(wish.atLeast, atMost);
  const held = limits.find(({ left, reserved, holders }) => {
    const free = left - reserved;
    return holders > 0 && (free < dust || free < needed);
  });
  if (held !== undefined) return { kind: 'held', limit: held };
  const allowed = limits.map(({ left, reserved, holders }) => {
    const free = left - reserved;
    return Math.max(free / Math.max(1, wish.slots - holders), Math.min(needed, free));
  });
  return { kind: 'share', usd: Math.min(atMost, ...allowed) };
}

/** What sums of prices may be off by; no request costs as little. */
const dust = 1e-9;
