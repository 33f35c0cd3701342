/** Books what a session says while it drives items: each message once, on the item that it was said for. */
import type { Attempt } from '../model/attempt.js';
import { noPlan, sessionStage } from '../model/ledger.js';
import type { MessageRow } from '../model/ledger.js';
import type { SessionTurn } from '../model/session.js';
import type { Surroundings } from '../model/surroundings.js';
import { attribute } from './attribution.js';
import type { Order } from './attribution.js';
import { tickKey } from './attempts.js';
import { ended } from './journal.js';
import type { Journal } from './journal.js';
import { leaseMs } from './lease.js';
import { runTokenName } from './run-lock.js';
import { callsOf, closeLog, noteCall, openSessions } from './session-log.js';
import type { SessionCall } from './session-log.js';
import type { Line } from './stage.js';

/** The Claude Code session that this process was called from; null: none, or what can be none's name. */
function callingSession({ env }: Pick<Surroundings, 'env'>): string | null {
  const session = env['CLAUDE_CODE_SESSION_ID'];
  return session !== undefined && /^[\w-]{1,100}$/.test(session) ? session : null;
}

/**
 * Notes that the session called for the attempt, and books what it said up to here. Under the run lock: one process at a
 * time reads a session.
 */
export async function bookCaller(line: Line, attempt: Attempt, by: SessionCall['by']): Promise<Booked> {
  const session = callingSession(line.surroundings);
  if (session === null) return nothingBooked;
  await noteCall(line.surroundings, { session, by, attempt });
  // Several children of one run would read the session at the same time: a later invocation does it.
  return line.surroundings.env[runTokenName] === undefined ? bookSession(line, session) : nothingBooked;
}

/**
 * Books what sessions have said since they called last. When nothing that they say can be for an item any more, they are
 * not read again until they call.
 */
export async function settleSessions(line: Line): Promise<void> {
  const { surroundings } = line;
  for (const { session, lastCall } of await openSessions(surroundings)) {
    const now = surroundings.now().getTime();
    await bookSession(line, session);
    if (now - lastCall.getTime() >= leaseMs) await closeLog(surroundings, session);
  }
}

/** How many messages were new to the books. */
export interface Booked {
  readonly messages: number;
}

const nothingBooked: Booked = { messages: 0 };

async function bookSession(line: Line, session: string): Promise<Booked> {
  const { ledger } = line.stations;
  const turns = await readTurns(line, session);
  const [first] = turns;
  if (first === undefined) return nothingBooked;
  const known = await ledger.messagesSince(new Date(first.at.getTime() - slackMs));
  const now = line.surroundings.now();
  const fresh = turns.filter((turn) => !known.has(turn.message.id) && isOver(turn, turns, now));
  if (fresh.length === 0) return nothingBooked;
  const calls = await callsOf(line.surroundings, session);
  const owners = attribute(turns, await ordersOf(line, calls), leaseMs);
  const attempts = new Map(calls.map((call) => [call.attempt, call]));
  const rows = fresh.map((turn) => {
    const keys = owners.get(turn.message.id) ?? [];
    return rowOf(line, { session, turn, calls: keys.flatMap((key) => attempts.get(key) ?? []) });
  });
  await ledger.book(rows);
  return { messages: rows.length };
}

/** Nothing that can't be read there is worth an item. */
async function readTurns({ stations, surroundings }: Line, session: string): Promise<readonly SessionTurn[]> {
  const say = (why: string) => {
    surroundings.progress(`the turns of session ${session} are not on the books: ${why}`);
  };
  try {
    const transcript = await stations.sessions.read(session);
    if (transcript === null) say('no transcript of it was found (CLAUDE_CONFIG_DIR)');
    return transcript?.turns ?? [];
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** What a run's message has for its instant may be somewhat earlier than what its transcript says. */
const slackMs = 60_000;

/** Claude Code gives up a silent stream after five minutes; a long answer is told block by block. */
const silenceMs = 30 * 60_000;

/** Complete, or broken off for good: its thread has gone on since, or was cut off. */
function isOver({ message, thread, at }: SessionTurn, turns: readonly SessionTurn[], now: Date): boolean {
  if (!message.isEstimate || now.getTime() - at.getTime() >= silenceMs) return true;
  return turns.some((turn) => turn.thread === thread && turn.at > at);
}

async function ordersOf(line: Line, calls: readonly SessionCall[]): Promise<readonly Order[]> {
  const attempts = new Map<string, SessionCall[]>();
  for (const call of calls) attempts.set(call.attempt, [...(attempts.get(call.attempt) ?? []), call]);
  const orders = [...attempts].map(async ([key, own]): Promise<Order> => ({
    key,
    calls: own.map(({ at }) => new Date(at)),
    isHeld: own.some(({ by }) => by === 'item'),
    end: own[0] === undefined ? null : await endOf(line, own[0], calls),
  }));
  return Promise.all(orders);
}

/** The mark in the plan; or the first call for another plan, since there is one at a time. */
async function endOf(line: Line, call: SessionCall, calls: readonly SessionCall[]): Promise<Date | null> {
  const journals = await line.journals.attempts(call.plan, call);
  const journal = journals.find(({ attempt }) => attempt.uuid === call.attempt);
  const marked = journal === undefined ? null : markedAt(journal);
  const next = calls.find(({ plan, at }) => plan !== call.plan && at > call.at);
  const ends = [marked, next === undefined ? null : new Date(next.at)].filter((end) => end !== null);
  return ends.length === 0 ? null : new Date(Math.min(...ends.map((end) => end.getTime())));
}

function markedAt(journal: Journal): Date | null {
  if (ended(journal, tickKey) === null) return null;
  const mark = journal.records().findLast(({ stage, event }) => stage === tickKey.stage && event === 'end');
  return mark === undefined ? null : new Date(mark.at);
}

interface Said {
  readonly session: string;
  readonly turn: SessionTurn;
  /** One of each attempt that it was said for. */
  readonly calls: readonly SessionCall[];
}

function rowOf({ stations }: Line, { session, turn, calls }: Said): MessageRow {
  const { message, at } = turn;
  const [first] = calls;
  // Two attempts at one item, or what is left of another plan: nobody to share with.
  const items = [...new Set(calls.filter(({ plan }) => plan === first?.plan).map(({ item }) => item))];
  const isShared = items.length > 1;
  return {
    v: 2,
    kind: 'message',
    at: at.toISOString(),
    // What was said for no item belongs to no plan either: no target's money is spent by it.
    plan: first?.plan ?? noPlan,
    target: first?.target ?? '',
    item: isShared ? null : (first?.item ?? null),
    stage: sessionStage,
    round: 0,
    attempt: isShared ? null : (first?.attempt ?? null),
    session,
    message: message.id,
    model: message.model,
    ...message.tokens,
    costUsd: stations.ledger.price(message.model, message.tokens, at),
    prefixHash: null,
    isSidechain: message.isSidechain,
    isEstimate: message.isEstimate,
    ...(isShared ? { sharedBy: items } : {}),
  };
}
