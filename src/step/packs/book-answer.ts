/** An answer that came through a batch: kept as a realtime one is, read by the same code, booked at half the price. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackPrompt } from '../../model/prompt.js';
import type { ModelMessage, TokenCounts } from '../../model/usage.js';
import { createBooker } from '../booking.js';
import { expectedTokens, workerStage } from './ask.js';
import type { PackReply } from './ask.js';
import { runContextOf } from './context.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';

/** What a request is expected to have taken, for an answer that doesn't say. */
export type Estimate = Pick<PackPrompt, 'prefix' | 'message'>;

/** @param estimate - null: the message says what it was billed for. */
export async function bookAnswer(
  place: Place,
  pack: PackJournal,
  { message, estimate }: { readonly message: object; readonly estimate: Estimate | null },
): Promise<PackReply> {
  const { worker, signal } = place;
  const { directory, model } = pack.attempt;
  const folder = path.join(directory, run);
  await mkdir(folder, { recursive: true });
  const request = { model, output_config: {} };
  const told = estimate === null ? message : { ...message, model, usage: usageOf(expected(estimate)) };
  await writeFile(path.join(folder, 'request.json'), `${JSON.stringify(request)}\n`);
  await writeFile(path.join(folder, 'answer.jsonl'), `${JSON.stringify(told)}\n`);
  const { ended, messages } = await worker.model.recover(
    { attempt: pack.attempt, cwd: directory, directory: folder },
    signal,
  );
  const isEstimate = estimate !== null;
  const booked = messages.map((one) => ({ ...one, isBatch: true, isEstimate: isEstimate || one.isEstimate }));
  const outcome = ended?.outcome;
  const isAnswer = outcome?.kind === 'completed' || outcome?.kind === 'failed';
  await book(place, pack, { messages: booked, outcome: isAnswer ? outcome.kind : 'no_result' });
  const nothing = { kind: 'failed', failure: 'no_result', detail: 'the answer has no end' } as const;
  return { outcome: isAnswer ? outcome : nothing, messages: booked, characters: 0 };
}

/** An answer that was billed and can't be read: what it took is estimated. */
export async function bookUnreadable(place: Place, pack: PackJournal, estimate: Estimate): Promise<void> {
  const { uuid, model } = pack.attempt;
  const facts = { isSidechain: false, isEstimate: true, isBatch: true };
  const message = { id: `${uuid}:unreadable`, model, tokens: expected(estimate), ...facts };
  await book(place, pack, { messages: [message], outcome: 'no_result' });
}

const run = `${workerStage}-0-batch`;

type Place = Pick<PackLine, 'line' | 'worker' | 'signal'>;

interface Answered {
  readonly messages: readonly ModelMessage[];
  readonly outcome: string;
}

async function book(place: Place, pack: PackJournal, { messages, outcome }: Answered): Promise<void> {
  const { sessionId } = pack.attempt;
  const now = place.line.surroundings.now();
  const booker = createBooker(runContextOf(place, pack), {
    ...{ stage: workerStage, round: 0, session: sessionId, run, prefixHash: '' },
    ...{ startedAt: now, answeredBy: now },
  });
  messages.forEach(booker.onMessage);
  await booker.end({ at: now, outcome, durationMs: 0, reported: null });
}

function expected({ prefix, message }: Estimate): TokenCounts {
  return expectedTokens(prefix.length, message.length);
}

/** As the API says it. */
function usageOf({ input, output }: TokenCounts) {
  return { input_tokens: input, output_tokens: output };
}
