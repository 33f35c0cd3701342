/** What a person asks of the plan: `retry`, `skip`, `abandon`. They work while a step runs, but for abandon. */
import { RegenError } from '../model/errors.js';
import { encodePlanId } from '../model/ids.js';
import { formatInstant } from '../model/instant.js';
import { planKey } from '../model/plan.js';
import type { ItemState, Plan, PlanItem } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';
import { closest } from '../model/suggest.js';
import { allowAdoption } from './adoption.js';
import { sweepAttempts } from './attempts.js';
import { sweepAudit } from './audit.js';
import { ensureNobodyWorks } from './item-lock.js';
import { forgetWork } from './kept-work.js';
import { dropLease } from './lease.js';
import { withRunLock } from './run-lock.js';
import type { Line } from './stage.js';
import { settleSessions } from './session-books.js';
import type { PlanStore } from './stations.js';
import { sweepBatches } from './packs/sweep-batches.js';
import { sweepPacks } from './sweep-packs.js';
import { refreshTables } from './token-tables.js';

export interface RetryRequest {
  readonly items: readonly string[];
  /** Every `[!]`. */
  readonly failed: boolean;
  /** Let the next attempt take over a branch that another clone of ours made. */
  readonly adopt: boolean;
}

/** What an edit did to the items named. */
export interface EditReport {
  readonly target: string;
  readonly changed: readonly string[];
  /** Named, but already as asked. */
  readonly unchanged: readonly string[];
}

/** Sets items back to `[ ]`; the next step starts them afresh. */
export async function retryItems(
  { plans, surroundings }: { readonly plans: PlanStore; readonly surroundings: Surroundings },
  request: RetryRequest,
  signal: AbortSignal,
): Promise<EditReport> {
  const plan = await existingPlan(plans);
  const failed = request.failed ? plan.items.filter(({ state }) => state === 'failed') : [];
  const items = [...named(plan, request.items), ...failed];
  if (request.adopt) {
    for (const { id } of items) await allowAdoption(surroundings, { target: plan.target, item: id });
  }
  return setState(plans, { plan, items, to: 'todo', log: null }, signal);
}

/** Leaves an item out, with the reason in the log. */
export async function skipItem(
  plans: PlanStore,
  request: { readonly item: string; readonly reason: string | null; readonly now: Date },
  signal: AbortSignal,
): Promise<EditReport> {
  const plan = await existingPlan(plans);
  const log = `skipped: ${request.reason ?? 'by hand'} (${formatInstant(request.now)})`;
  return setState(plans, { plan, items: named(plan, [request.item]), to: 'skipped', log }, signal);
}

/** Archives the plan as it stands and removes what its attempts left in the repository. */
export async function abandonPlan(
  line: Line,
  signal: AbortSignal,
): Promise<{ target: string; archive: string }> {
  return withRunLock(line.surroundings, async () => {
    const { plans, workspace } = line.stations;
    const plan = await existingPlan(plans);
    await ensureNobodyWorks(line.surroundings);
    await sweepAttempts(line, null, signal);
    await sweepPacks(line, null, signal);
    await sweepBatches(line, null, signal);
    await sweepAudit(line, true, signal);
    await settleSessions(line);
    await refreshTables(line, { plan: planKey(plan), target: plan.target }, signal);
    await workspace.dropAll(plan.target, signal);
    await forgetWork(line, await line.journals.ofPlan(planKey(plan), plan.target), signal);
    await dropLease(line.surroundings);
    const archive = await plans.archive(planKey(plan), signal, { isAbandoned: true });
    return { target: plan.target, archive };
  });
}

/** @throws RegenError `usage` when there is no plan to edit. */
export async function existingPlan(plans: PlanStore): Promise<Plan> {
  const plan = await plans.read();
  if (plan !== null) return plan;
  throw new RegenError('usage', 'there is no plan (.regen-plan.md)', {
    hint: 'Run "regen plan" to write one.',
  });
}

/** The plan's items of these names; one may also be copied as the plan writes it, `a%20b`. */
export function named(plan: Plan, ids: readonly string[]): readonly PlanItem[] {
  return ids.map((id) => {
    const item =
      plan.items.find((one) => one.id === id) ?? plan.items.find((one) => encodePlanId(one.id) === id);
    if (item !== undefined) return item;
    const near = closest(
      id,
      plan.items.map((one) => one.id),
    );
    throw new RegenError('usage', `"${id}" is no item of the plan of ${plan.target}`, {
      hint: near === null ? 'See "regen status".' : `Did you mean "${near}"?`,
    });
  });
}

interface StateChange {
  readonly plan: Plan;
  readonly items: readonly PlanItem[];
  readonly to: ItemState;
  readonly log: string | null;
}

async function setState(plans: PlanStore, change: StateChange, signal: AbortSignal): Promise<EditReport> {
  const { plan, to, log } = change;
  const changed: string[] = [];
  const unchanged: string[] = [];
  for (const { id, state } of new Set(change.items)) {
    const from = state === to ? [] : [state];
    const result =
      from.length === 0
        ? 'edited'
        : await plans.mark({ plan: planKey(plan), item: id, from, to, log }, signal);
    (result === 'marked' ? changed : unchanged).push(id);
  }
  return { target: plan.target, changed, unchanged };
}
