/** Done mode: archive the plan and sum it up. */
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { forgetWork } from './kept-work.js';
import { settleSessions } from './session-books.js';
import type { Line } from './stage.js';
import { refreshTables } from './token-tables.js';

/** Moves the finished plan into the history. The usage is that of the whole plan. */
export async function archiveStep(line: Line, plan: Plan, signal: AbortSignal): Promise<StepResult> {
  const startedAt = line.surroundings.now();
  const { plans, ledger } = line.stations;
  const books = { plan: planKey(plan), target: plan.target };
  await settleSessions(line);
  await refreshTables(line, books, signal);
  const { all: usage } = await ledger.totals(books);
  await forgetWork(line, await line.journals.ofPlan(planKey(plan), plan.target), signal);
  const archive = await plans.archive(planKey(plan), signal);
  return {
    mode: 'done',
    target: plan.target,
    item: null,
    outcome: 'archived',
    reason: `moved to ${archive}`,
    attempt: null,
    score: null,
    verdict: null,
    pr: null,
    checks: [],
    usage,
    durationMs: line.surroundings.now().getTime() - startedAt.getTime(),
    remaining: 0,
    retryAt: null,
    evidence: null,
  };
}
