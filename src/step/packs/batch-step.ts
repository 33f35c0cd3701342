/** What an invocation does about batches: asks for each that is under way once, and submits what is to be done as one. */
import { RegenError } from '../../model/errors.js';
import { formatInstant, parseInstant } from '../../model/instant.js';
import { planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { Config } from '../../model/config.js';
import type { PackedItem } from '../../model/step-result.js';
import { typed } from '../../model/typed.js';
import { batchId, openBatches } from './batch-journals.js';
import type { BatchJournal } from './batch-journals.js';
import { collectBatch, giveUp } from './collect.js';
import type { Collected } from './collect.js';
import type { PackLine } from './context.js';
import { finishSubmission } from './submit.js';

/** A batch that the API is still at work on. */
export interface PendingBatch {
  readonly batch: BatchJournal;
  readonly id: string;
  readonly done: number;
  readonly all: number;
}

export interface Polled {
  readonly pending: readonly PendingBatch[];
  readonly collected: readonly (Collected & { readonly id: string })[];
  /** Of which the API has nothing any more, and their items that are failed by that. */
  readonly gone: readonly { readonly id: string; readonly failed: readonly PackedItem[] }[];
  /** Why nothing may be asked yet: nobody can tell whether a batch is ours. */
  readonly doubt: RegenError | null;
}

/** @param only - a batch's id: that one and no other. */
export async function pollBatches(packLine: PackLine, only: string | null = null): Promise<Polled> {
  const { line, plan, worker, signal } = packLine;
  const pending: PendingBatch[] = [];
  const others: BatchJournal[] = [];
  const gone: Polled['gone'][number][] = [];
  const doubts: { readonly batch: BatchJournal; readonly error: RegenError }[] = [];
  const collected: Polled['collected'][number][] = [];
  const open = await batchesOf(packLine);
  await ensureNoneLost(packLine, open);
  for (const batch of open) {
    if (only !== null && batchId(batch) !== only) {
      others.push(batch);
      continue;
    }
    const unknown = await finishSubmission(packLine, batch).then(() => null, asDoubt);
    if (unknown !== null) doubts.push({ batch, error: unknown });
    const id = batchId(batch);
    if (id === null) continue;
    const state = await worker.batches.state(id, signal);
    const { done, all } = state.counts;
    if (state.kind === 'running') {
      pending.push({ batch, id, done, all });
      line.surroundings.progress(standing({ id, done, all }));
    } else if (state.kind === 'gone') {
      gone.push({ id, failed: await giveUp(packLine, batch, ownOf(batch, open)) });
    } else {
      const done = await collectBatch(packLine, batch, ownOf(batch, open)).catch(asDoubt);
      if (done instanceof RegenError) doubts.push({ batch, error: done });
      else {
        collected.push({ ...done, id });
        line.surroundings.progress(`batch ${id}: collected for ${plan.target}`);
      }
    }
  }
  const doubtful = doubts.map(({ batch }) => batch);
  await ensureNoneLost(packLine, [...pending.map(({ batch }) => batch), ...doubtful, ...others]);
  return { pending, collected, gone, doubt: doubts[0]?.error ?? null };
}

/** Waiting for one batch keeps nothing of another from being collected and shipped. */
function asDoubt(error: unknown): RegenError {
  if (error instanceof RegenError && error.code === 'wait') return error;
  throw error;
}

/** Its items but for those that a person has set to `[ ]` and that went out again with a later batch: they are that one's. */
function ownOf({ attempt }: BatchJournal, open: readonly BatchJournal[]): ReadonlySet<string> {
  const later = open.filter((other) => other.attempt.number > attempt.number);
  const theirs = new Set(later.flatMap((other) => other.attempt.members));
  return new Set(attempt.members.filter((id) => !theirs.has(id)));
}

async function batchesOf({ line, plan }: PackLine): Promise<readonly BatchJournal[]> {
  const open = await openBatches(line.surroundings);
  return open.filter(({ attempt }) => attempt.plan === planKey(plan) && attempt.target === plan.target);
}

/** @throws RegenError `plan` when an item is handed off and nothing is known of it. */
async function ensureNoneLost({ line }: PackLine, open: readonly BatchJournal[]): Promise<void> {
  const plan = await line.stations.plans.read();
  const known = new Set(open.flatMap(({ attempt }) => attempt.members));
  const lost = plan?.items.find(({ id, state }) => state === 'waiting' && !known.has(id));
  if (lost === undefined) return;
  throw new RegenError(
    'plan',
    `.regen-plan.md:${lost.line}: "${lost.id}" is marked [~], but no record says where it went`,
    {
      hint: `Set it to [ ] to do it here ("regen retry ${typed(lost.id)}"), or to [-] to leave it out.`,
    },
  );
}

/** The wait of who finds nothing to do but what batches are at work on. */
export function pendingWait(
  pending: readonly PendingBatch[],
  at: { readonly now: Date; readonly pollMs: number },
): RegenError {
  const [first] = pending;
  const retryAt = new Date(at.now.getTime() + at.pollMs);
  const states = pending.map(standing);
  const when = formatInstant(retryAt);
  return new RegenError('wait', states.join('; '), {
    hint: `Run regen again from ${when} on, or "regen batch collect ${first?.id ?? ''}" once it has ended.`,
    retryAt,
  });
}

function standing({ id, done, all }: Omit<PendingBatch, 'batch'>): string {
  return `batch ${id}: ${done} of ${all === 1 ? '1 request is' : `${all} requests are`} done`;
}

/** A batch is done within a day, or expires. */
const batchMs = 24 * 60 * 60 * 1000;

/** Whether what is to be done goes out as a batch: as configured, or where the deadline leaves it a day. */
export function isByBatch({ worker }: Pick<Config, 'worker'>, plan: Plan, now: Date): boolean {
  const { mode, deadline } = worker;
  if (mode !== 'auto') return mode === 'batch';
  const created = plan.created === null ? null : parseInstant(plan.created);
  return (
    created !== null && deadline !== undefined && created.getTime() + deadline - now.getTime() >= batchMs
  );
}
