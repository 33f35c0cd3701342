import type { ModelMessage } from '../model/usage.js';
import type { StageContext } from './stage.js';

type BookingContext = Pick<StageContext, 'attempt' | 'stations' | 'surroundings'>;

interface Booking {
  readonly stage: string;
  readonly round: number;
  readonly session: string;
  readonly prefixHash: string | null;
}

/** Books messages as they come, and tells at the end whether all of it reached the disk. */
export interface Booker {
  readonly onMessage: (message: ModelMessage) => void;
  /** @throws what a booking failed with: money that isn't on the books stops the step. */
  done(): Promise<void>;
}

/** One after the other, so that the ledger's order is that of the answers. */
export function createBooker(context: BookingContext, booking: Booking): Booker {
  let last: Promise<void> = Promise.resolve();
  return {
    onMessage: (message) => {
      last = last.then(() => bookMessage(context, booking, message));
      last.catch(() => undefined); // told by done()
    },
    done: () => last,
  };
}

/** Books one message of a model; durable when it returns. A message that is booked already isn't booked again. */
async function bookMessage(context: BookingContext, booking: Booking, message: ModelMessage): Promise<void> {
  const { attempt, stations, surroundings } = context;
  const now = surroundings.now();
  await stations.ledger.book([
    {
      v: 2,
      kind: 'message',
      at: now.toISOString(),
      plan: attempt.plan,
      target: attempt.target,
      item: attempt.item,
      stage: booking.stage,
      round: booking.round,
      attempt: attempt.uuid,
      session: booking.session,
      message: message.id,
      model: message.model,
      ...message.tokens,
      costUsd: stations.ledger.price(message.model, message.tokens, now),
      prefixHash: booking.prefixHash,
      isSidechain: message.isSidechain,
      isEstimate: message.isEstimate,
    },
  ]);
}
