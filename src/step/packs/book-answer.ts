/** An answer that came through a batch: kept as a realtime one is, read by the same code, booked at half the price. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createBooker } from '../booking.js';
import { workerStage } from './ask.js';
import type { PackReply } from './ask.js';
import { runContextOf } from './context.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';

export async function bookAnswer(
  place: Pick<PackLine, 'line' | 'worker' | 'signal'>,
  pack: PackJournal,
  message: object,
): Promise<PackReply> {
  const { line, worker, signal } = place;
  const { sessionId, directory, model } = pack.attempt;
  const run = `${workerStage}-0-batch`;
  const folder = path.join(directory, run);
  await mkdir(folder, { recursive: true });
  const request = { model, output_config: {} };
  await writeFile(path.join(folder, 'request.json'), `${JSON.stringify(request)}\n`);
  await writeFile(path.join(folder, 'answer.jsonl'), `${JSON.stringify(message)}\n`);
  const { ended, messages } = await worker.model.recover(
    { attempt: pack.attempt, cwd: directory, directory: folder },
    signal,
  );
  const booked = messages.map((one) => ({ ...one, isBatch: true }));
  const now = line.surroundings.now();
  const booker = createBooker(runContextOf(place, pack), {
    ...{ stage: workerStage, round: 0, session: sessionId, run, prefixHash: '' },
    ...{ startedAt: now, answeredBy: now },
  });
  booked.forEach(booker.onMessage);
  const outcome = ended?.outcome;
  const isAnswer = outcome?.kind === 'completed' || outcome?.kind === 'failed';
  const word = isAnswer ? outcome.kind : 'no_result';
  await booker.end({ at: now, outcome: word, durationMs: 0, reported: null });
  const nothing = { kind: 'failed', failure: 'no_result', detail: 'the answer has no end' } as const;
  return { outcome: isAnswer ? outcome : nothing, messages: booked, characters: 0 };
}
