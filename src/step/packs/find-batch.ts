/** Looks for a batch that was begun, and whose submission nobody heard the end of. */
import type { SubmittedBatch } from '../../model/batch.js';
import { RegenError } from '../../model/errors.js';
import { knownBatchIds } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';

/**
 * The batch that a kill, or a lost answer, kept us from hearing of: made since, with as many requests, and known to no other
 * journal. Only its results say for certain that it is ours.
 */
export async function findBatch(
  { line, worker, signal }: PackLine,
  batch: BatchJournal,
  packs: readonly PackJournal[],
): Promise<SubmittedBatch | null> {
  const known = await knownBatchIds(line.surroundings, batch.attempt);
  const begin = batch.records().find(({ effect, event }) => effect === 'submit' && event === 'begin');
  const since = new Date(begin?.at ?? 0);
  const counted = begin?.data['requests'];
  const requests = typeof counted === 'number' ? counted : packs.length;
  const candidates = await worker.batches.find({ since, requests }, signal);
  for (const candidate of candidates.filter(({ id }) => !known.has(id))) {
    const state = await worker.batches.state(candidate.id, signal);
    if (state.kind === 'running')
      throw undecided(candidate, line.surroundings.now(), line.config.worker.poll);
    if (state.kind === 'gone') continue;
    const answered = new Set<string>();
    const look = ({ customId }: { readonly customId: string }): Promise<void> => {
      answered.add(customId);
      return Promise.resolve();
    };
    await worker.batches.results(candidate.id, look, signal);
    if (packs.some(({ attempt }) => answered.has(attempt.uuid))) return candidate;
  }
  return null;
}

function undecided({ id }: SubmittedBatch, now: Date, pollMs: number): RegenError {
  return new RegenError('wait', `batch ${id} may be the one whose submission was interrupted`, {
    hint: 'Its results will tell; nothing is submitted twice until then.',
    retryAt: new Date(now.getTime() + pollMs),
  });
}
