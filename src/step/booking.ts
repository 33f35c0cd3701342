/** Books the messages of a run as they come, and the run when it has ended. */
import type { MessageRow } from '../model/ledger.js';
import type { ModelMessage, Usage } from '../model/usage.js';
import { runRow } from './run-row.js';
import type { RunEnd, RunPlace } from './run-row.js';
import type { RunContext } from './run-context.js';

type BookingContext = Pick<RunContext, 'attempt' | 'surroundings'> & {
  readonly stations: Pick<RunContext['stations'], 'ledger'>;
};

export interface Booking extends Pick<RunPlace, 'stage' | 'round' | 'session' | 'run' | 'prefixHash'> {
  readonly startedAt: Date;
  /** When a message was answered whose record doesn't say; left out: as it comes. */
  readonly answeredBy?: Date;
  /** Is told what each message cost once it is on the books; null: it has no price. */
  readonly onBooked?: (costUsd: number | null) => Promise<void>;
}

/** One run's share of the ledger. */
export interface Booker {
  /** Returns what it costs; null: it has no price. */
  readonly onMessage: (message: ModelMessage) => number | null;
  /**
   * Books the run itself, after its messages; durable when it returns.
   *
   * @throws what a booking failed with: money that isn't on the books stops the step.
   * @returns what the run's messages came to.
   */
  end(end: RunEnd): Promise<Usage>;
}

/** One after the other, so that the ledger's order is that of the answers. What is booked already isn't booked again. */
export function createBooker(context: BookingContext, booking: Booking): Booker {
  const { stations } = context;
  const rows: MessageRow[] = [];
  let last: Promise<void> = Promise.resolve();

  const book = async (row: MessageRow): Promise<void> => {
    await stations.ledger.book([row]);
    await booking.onBooked?.(row.costUsd);
  };
  return {
    onMessage: (message) => {
      const row = messageRow(context, booking, message);
      rows.push(row);
      last = last.then(() => book(row));
      last.catch(() => undefined); // told by end()
      return row.costUsd;
    },
    async end(end) {
      await last;
      const row = runRow({ ...context.attempt, ...booking }, rows, end);
      await stations.ledger.book([row]);
      return row.usage;
    },
  };
}

function messageRow(
  { attempt, stations, surroundings }: BookingContext,
  booking: Booking,
  message: ModelMessage,
): MessageRow {
  const at = answeredAt(message, booking, surroundings.now());
  return {
    v: 2,
    kind: 'message',
    at: at.toISOString(),
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
    costUsd: stations.ledger.price(message.model, message.tokens, at, message.isBatch),
    prefixHash: booking.prefixHash,
    isSidechain: message.isSidechain,
    isEstimate: message.isEstimate,
    ...(message.isBatch === true ? { isBatch: true as const } : {}),
    ...(attempt.item === null && attempt.members !== undefined ? { sharedBy: attempt.members } : {}),
  };
}

/** What a record says is believed within the run: a clock that was set, or an agent that wrote it, moves no day. */
function answeredAt({ answeredAt: told }: ModelMessage, { startedAt, answeredBy }: Booking, now: Date): Date {
  const isOfRun = told !== undefined && told >= startedAt && told <= now;
  return isOfRun ? told : (answeredBy ?? now);
}
