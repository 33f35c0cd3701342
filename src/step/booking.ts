import type { ModelMessage } from '../model/usage.js';
import type { StageContext } from './stage.js';

interface Booking {
  readonly stage: string;
  readonly session: string;
  readonly prefixHash: string | null;
}

/** Books one message of a model; durable when it returns. */
export async function bookMessage(
  context: StageContext,
  booking: Booking,
  message: ModelMessage,
): Promise<void> {
  const { attempt, round, stations, surroundings } = context;
  const now = surroundings.now();
  await stations.ledger.book([
    {
      v: 1,
      at: now.toISOString(),
      plan: attempt.plan,
      target: attempt.target,
      item: attempt.item,
      stage: booking.stage,
      round,
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
