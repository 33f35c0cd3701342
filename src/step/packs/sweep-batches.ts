/** Batches of plans that are gone: what they still do is called off, and what they have cost is booked. */
import { RegenError } from '../../model/errors.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { Line } from '../stage.js';
import type { BatchState } from '../../model/batch.js';
import type { Worker } from '../worker-station.js';
import { batchId, closeBatch, openBatches, submitKey } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import { bookAnswer } from './book-answer.js';
import { closePack, openPacks } from './pack-journals.js';

/** @param plan - null: every batch is another plan's. What can't be looked at now is left to the next invocation. */
export async function sweepBatches(line: Line, plan: Plan | null, signal: AbortSignal): Promise<void> {
  for (const batch of await openBatches(line.surroundings)) {
    const { attempt } = batch;
    if (plan !== null && planKey(plan) === attempt.plan && plan.target === attempt.target) continue;
    try {
      await sweepBatch(line, batch, signal);
    } catch (error) {
      if (!(error instanceof RegenError) || !['wait', 'environment'].includes(error.code)) throw error;
      const id = batchId(batch) ?? '';
      line.surroundings.progress(
        `batch ${id} of a plan that is gone can’t be looked at now: ${error.message}`,
      );
    }
  }
}

async function sweepBatch(line: Line, batch: BatchJournal, signal: AbortSignal): Promise<void> {
  const worker = await line.stations.worker();
  const id = batchId(batch);
  const state = id === null ? null : await worker.batches.state(id, signal);
  if (state?.kind === 'running') {
    await callOff(line, { worker, id: id ?? '', state }, signal);
    return;
  }
  const begun = batch.records().some(({ effect, event }) => effect === submitKey.effect && event === 'begin');
  if (id === null && begun) {
    line.surroundings.progress(
      `a batch of ${batch.attempt.target} may have been submitted when regen was killed; nobody collects it: look for it in the console`,
    );
  }
  if (id !== null && state?.kind === 'ended') await bookAll(line, { worker, batch, id }, signal);
  for (const pack of await openPacks(line.surroundings)) {
    const { attempt } = pack;
    const isOf = attempt.plan === batch.attempt.plan && attempt.target === batch.attempt.target;
    if (isOf && attempt.batch === batch.attempt.number) await closePack(line.surroundings, pack);
  }
  await closeBatch(line.surroundings, batch);
}

interface Running {
  readonly worker: Worker;
  readonly id: string;
  readonly state: BatchState;
}

async function callOff(
  { surroundings }: Line,
  { worker, id, state }: Running,
  signal: AbortSignal,
): Promise<void> {
  if (state.isCanceling) return;
  try {
    await worker.batches.cancel(id, signal);
  } catch (error) {
    // It came to its end in between: the next invocation books it.
    if ((await worker.batches.state(id, signal)).kind !== 'running') return;
    throw error;
  }
  surroundings.progress(`batch ${id} is called off: its plan is gone`);
}

interface Ended {
  readonly worker: Worker;
  readonly batch: BatchJournal;
  readonly id: string;
}

async function bookAll(line: Line, { worker, batch, id }: Ended, signal: AbortSignal): Promise<void> {
  const packs = (await openPacks(line.surroundings)).filter(
    ({ attempt }) => attempt.plan === batch.attempt.plan && attempt.batch === batch.attempt.number,
  );
  const byId = new Map(packs.map((pack) => [pack.attempt.uuid, pack]));
  await worker.batches.results(
    id,
    async (result) => {
      const pack = byId.get(result.customId);
      if (pack === undefined || result.kind !== 'succeeded') return;
      const { message, hasUsage } = result;
      // The plan is gone, and with it the prompt: what is left to go by is the answer's length.
      const estimate = hasUsage ? null : { prefix: '', message: JSON.stringify(message) };
      await bookAnswer({ line, worker, signal }, pack, { message, estimate });
    },
    signal,
  );
}
