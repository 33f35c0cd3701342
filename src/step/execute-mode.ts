/** Execute mode: the next open item through all stages. */
import type { ItemRef } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { planKey } from '../model/plan.js';
import type { Plan, PlanItem } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { typed } from '../model/typed.js';
import { lostStarts, resumable } from './attempts.js';
import { budgetGate } from './budget.js';
import { finish } from './finish.js';
import type { Journal } from './journal.js';
import type { AttemptEnd } from './position.js';
import type { Line } from './stage.js';
import { walk } from './walk.js';
import { waitingResult } from './waiting.js';

/** Takes the first item that is to do, marks it, and says what became of it. */
export async function executeStep(line: Line, plan: Plan, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  const ref = { target: plan.target, item: nextItem(plan).id };
  try {
    await line.stations.ledger.ensureWritable();
    const journal = await startAttempt(line, plan, ref, signal);
    const context = { ...line, attempt: journal.attempt, journal, signal };
    return await finish(context, await runToEnd(context, plan), startedAt);
  } catch (error) {
    if (error instanceof RegenError && error.code === 'wait')
      return waitingResult(line.surroundings, plan, { error, ref, startedAt });
    throw error;
  }
}

/**
 * The first `[ ]` in file order.
 *
 * @throws RegenError `plan` when an item is handed off and nothing is known of it.
 */
export function nextItem(plan: Plan): PlanItem {
  const lost = plan.items.find(({ state }) => state === 'waiting');
  if (lost !== undefined) {
    throw new RegenError(
      'plan',
      `.regen-plan.md:${lost.line}: "${lost.id}" is marked [~], but no record says where it went`,
      {
        hint: `Set it to [ ] to do it here ("regen retry ${typed(lost.id)}"), or to [-] to leave it out.`,
      },
    );
  }
  const todo = plan.items.find(({ state }) => state === 'todo');
  if (todo === undefined) throw new Error('a plan in execute mode has an open item');
  return todo;
}

/** Goes on with the open attempt, or opens one on the freshly fetched base. */
export async function startAttempt(
  line: Line,
  plan: Plan,
  ref: ItemRef,
  signal: AbortSignal,
): Promise<Journal> {
  const { workspace } = line.stations;
  await workspace.ensureIgnored(signal);
  const open = await resumable(line, plan, ref, signal);
  if (open !== null) return open;
  await budgetGate(line, { key: planKey(plan), target: plan.target });
  const base = await workspace.fetchBase(signal);
  await ensureOnBase(line, plan, { ref, sha: base.sha, baseRef: base.ref }, signal);
  const tree = workspace.tree(base.sha);
  await line.stations.prompts.ensureFiles({ ...ref, tree }, signal);
  if (line.config.evaluate !== undefined) await line.stations.judge.rubric(ref, tree, signal);
  return line.journals.open({ ...ref, plan: planKey(plan), base: base.sha });
}

async function runToEnd(context: Parameters<typeof walk>[0], plan: Plan): Promise<AttemptEnd> {
  const cap = context.config.budget.itemAttempts;
  const lost = await lostStarts(context, plan, context.attempt);
  if (lost >= cap) {
    return {
      kind: 'failed',
      reason: `${lost} starts of the agent were killed before they ended (budget.itemAttempts)`,
    };
  }
  return walk(context);
}

interface OnBase {
  readonly ref: ItemRef;
  readonly sha: string;
  readonly baseRef: string;
}

async function ensureOnBase(
  line: Line,
  plan: Plan,
  { ref, sha, baseRef }: OnBase,
  signal: AbortSignal,
): Promise<void> {
  const items = await line.stations.picker.items(line.stations.workspace.tree(sha), ref.target, signal);
  if (items.some(({ id }) => id === ref.item)) return;
  if (items.length === 0) {
    throw new RegenError('plan', `.regen-plan.md: ${baseRef} has no item of "${ref.target}"`, {
      hint: 'Correct the target in the plan’s header, or drop the plan with "regen abandon".',
    });
  }
  const at = plan.items.find(({ id }) => id === ref.item)?.line ?? 0;
  throw new RegenError(
    'plan',
    `.regen-plan.md:${at}: "${ref.item}" is no item of ${ref.target} on ${baseRef}`,
    { hint: 'Correct the id, take the line out, or mark it [-].' },
  );
}
