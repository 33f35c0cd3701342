import type { ModelMessage } from '../model/usage.js';
import type { Booker } from './booking.js';

/** What a run may spend, by our prices. */
interface Purse {
  /** Aborted when it is empty. */
  readonly usedUp: AbortSignal;
  readonly onMessage: (message: ModelMessage) => void;
}

/**
 * Hands messages on to the books and says when they have used the limit up: Claude Code keeps a limit by a price list of
 * its own. What has no price takes nothing out.
 *
 * @param maxUsd - null: it never is empty.
 */
export function createPurse({ onMessage }: Pick<Booker, 'onMessage'>, maxUsd: number | null): Purse {
  const emptied = new AbortController();
  let spent = 0;
  return {
    usedUp: emptied.signal,
    onMessage(message) {
      spent += onMessage(message) ?? 0;
      if (maxUsd !== null && spent >= maxUsd) emptied.abort();
    },
  };
}
