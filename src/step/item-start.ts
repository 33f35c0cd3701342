/** `regen item start`: an item is leased to the session that calls, with a worktree and what there is to do. */
import { RegenError } from '../model/errors.js';
import type { Plan, PlanItem } from '../model/plan.js';
import type { Prompt } from '../model/prompt.js';
import { fillTemplate } from '../model/template.js';
import { typed } from '../model/typed.js';
import { existingPlan, named } from './edit-plan.js';
import { nextItem, startAttempt } from './execute-mode.js';
import { stageReport } from './item-commands.js';
import type { Caller, ItemContext, ItemStageReport } from './item-commands.js';
import { ensureItemFree } from './item-lock.js';
import { currentLease, isHolder, leasedError, writeLease } from './lease.js';
import type { Lease } from './lease.js';
import { withRunLock } from './run-lock.js';
import { bookCaller } from './session-books.js';
import type { Line } from './stage.js';
import { prepared } from './stages/prepare.js';
import { promptFacts } from './stages/prompt-facts.js';
import { runStage, whereIs } from './walk.js';
import { ensureUntouched } from './watch.js';

export interface ItemStarted {
  readonly target: string;
  readonly item: string;
  readonly attempt: number;
  readonly token: string;
  readonly until: string;
  /** Relative to the repository's root. */
  readonly worktree: string;
  readonly branch: string;
  readonly writes: readonly string[];
  readonly prompt: Pick<Prompt, 'prefix' | 'message'>;
}

/** Takes the item (the one named, or the next) and prepares its worktree. */
export async function startItem(
  line: Line,
  caller: Caller,
  signal: AbortSignal,
): Promise<ItemStarted | ItemStageReport> {
  return withRunLock(line.surroundings, async () => {
    const lease = await currentLease(line.surroundings);
    if (lease !== null && !isHolder(lease, caller.token, caller.session)) throw leasedError(lease);
    const plan = await existingPlan(line.stations.plans);
    const item = caller.item === null ? nextItem(plan) : todoItem(plan, caller.item);
    await ensureItemFree(line.surroundings, { target: plan.target, item: item.id });
    await ensureUntouched(line.surroundings, line.stations.workspace, signal);
    const journal = await startAttempt(line, plan, { target: plan.target, item: item.id }, signal);
    const token = lease?.item === item.id ? lease.token : line.surroundings.newId();
    const taken = await writeLease(line.surroundings, {
      target: plan.target,
      item: item.id,
      token,
      session: caller.session,
    });
    const context = { ...line, attempt: journal.attempt, journal, signal };
    await bookCaller(line, journal.attempt, 'item');
    const position = whereIs(context);
    if (position.kind === 'at' && position.stage === 'prepare') await runStage(context, 'prepare', 0);
    if (whereIs(context).kind === 'over') return stageReport(context, 'prepare');
    return started(context, taken);
  });
}

async function started(context: ItemContext, lease: Lease): Promise<ItemStarted> {
  const { attempt, stations, signal } = context;
  const { worktree } = prepared(context);
  const facts = await promptFacts(context, worktree);
  const { prefix, message } = await stations.prompts.build(facts, signal);
  return {
    target: attempt.target,
    item: attempt.item,
    attempt: attempt.number,
    token: lease.token,
    until: lease.until,
    worktree,
    branch: stations.texts.branch(attempt),
    writes: facts.writes.map((glob) => fillTemplate(glob, { target: attempt.target, item: attempt.item })),
    prompt: { prefix, message },
  };
}

function todoItem(plan: Plan, id: string): PlanItem {
  const [item] = named(plan, [id]);
  if (item?.state === 'todo') return item;
  throw new RegenError('usage', `"${id}" is marked ${item?.state ?? 'unknown'} in the plan`, {
    hint: `Run "regen retry ${typed(id)}" to do it again.`,
  });
}
