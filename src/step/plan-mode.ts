/** Plan mode: what was decided is looked at for copies and written down. */
import { RegenError } from '../model/errors.js';
import { formatInstant } from '../model/instant.js';
import { planKey } from '../model/plan.js';
import type { NewChangeRequest, NewPlan } from '../model/plan.js';
import type { StepResult } from '../model/step-result.js';
import { noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { auditPlan, endAudit, suspectsOf, sweepAudit } from './audit.js';
import type { AuditOutcome } from './audit.js';
import { openAudit } from './audit-journal.js';
import { fittingRequests } from './change-requests.js';
import { decidePlan } from './decide-plan.js';
import type { Planner, Planning, PlanRequest } from './decide-plan.js';
import { ensureNobodyWorks } from './item-lock.js';
import { leaseInTheWay } from './lease.js';
import { withRunLock } from './run-lock.js';
import { routePlan } from './route-plan.js';
import { ensureUntouched } from './watch.js';
import { clearWait } from './wait-state.js';
import { waitingResult } from './waiting.js';

/** `regen plan`: plan mode and nothing else. A wait is a step's result, as in any other mode. */
export async function makePlan(
  line: Planner,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<Planning | StepResult> {
  const startedAt = line.surroundings.now();
  try {
    if (request.dryRun) return await foreseePlan(line, request, signal);
    const planning = await planUnderLock(line, request, signal);
    await clearWait(line.surroundings, { mode: 'plan', startedAt });
    return planning;
  } catch (error) {
    if (!(error instanceof RegenError) || error.code !== 'wait') throw error;
    return waitingResult(line.surroundings, null, { error, ref: null, startedAt });
  }
}

/** A plan that is there already is never overwritten. */
async function planUnderLock(line: Planner, request: PlanRequest, signal: AbortSignal): Promise<Planning> {
  return withRunLock(line.surroundings, async () => {
    await ensureUntouched(line.surroundings, line.stations.workspace, signal);
    const existing = await line.stations.plans.read();
    await sweepAudit(line, existing !== null, signal);
    const planning = await decidePlan(line, request, signal);
    if (existing !== null) {
      throw new RegenError('usage', `the plan of ${existing.target} is in the way (.regen-plan.md)`, {
        hint: 'Run "regen" to go on with it, or "regen abandon" to drop it; "regen plan --dry-run" only looks.',
      });
    }
    // A person may have taken a plan away whose item is still being worked on.
    const lease = await leaseInTheWay(line.surroundings);
    if (lease !== null) throw lease;
    await ensureNobodyWorks(line.surroundings);
    return writePlan(line, planning, { requests: request.requests }, signal);
  });
}

/** What would be planned, with what looks like copies to code. */
async function foreseePlan(line: Planner, request: PlanRequest, signal: AbortSignal): Promise<Planning> {
  const planning = await decidePlan(line, request, signal);
  if (planning.plan === null) return planning;
  const { plan, base } = planning;
  if (request.requests !== null) return { ...planning, ...withRequests(line, plan, request.requests) };
  const findings = await suspectsOf(line, { plan, base: base.sha }, signal);
  if (findings === null) return planning;
  return { ...planning, audit: { suspects: findings.clusters, requests: [], warnings: [], usage: noUsage } };
}

/** Writes the plan with its change requests, and before it what keeps regen's files out of git. */
export async function writePlan(
  line: Planner,
  planning: Planning,
  { requests }: Pick<PlanRequest, 'requests'>,
  signal: AbortSignal,
): Promise<Planning> {
  if (planning.plan === null) return planning;
  await line.stations.workspace.ensureIgnored(signal);
  const { plan, audit } =
    requests === null
      ? await auditPlan(line, { plan: planning.plan, base: planning.base.sha }, signal)
      : withRequests(line, planning.plan, requests);
  const routed = await routePlan(line, { plan, base: planning.base.sha }, signal);
  const usage = await paidFor(line, routed);
  await line.stations.plans.create(routed, signal);
  await endAudit(line);
  return { ...planning, plan: routed, audit, usage };
}

/** What is booked for the plan, also by invocations that didn't come to write it. */
async function paidFor(line: Planner, { target, created }: NewPlan): Promise<Usage> {
  const attempt = (await openAudit(line.surroundings))?.attempt;
  const key = planKey({ created: formatInstant(created) });
  if (attempt?.target !== target || attempt.plan !== key) return noUsage;
  const { ledger } = await line.stations.auditing();
  return ledger.sum({ plan: key, attempt: attempt.uuid });
}

/** What somebody hands in stands for an audit. */
function withRequests(
  { surroundings }: Planner,
  plan: NewPlan,
  given: readonly NewChangeRequest[],
): { readonly plan: NewPlan; readonly audit: AuditOutcome } {
  const { requests, warnings } = fittingRequests(given, plan.items);
  warnings.forEach((warning) => {
    surroundings.progress(warning);
  });
  return {
    plan: { ...plan, changeRequests: requests },
    audit: { suspects: [], requests, warnings, usage: noUsage },
  };
}
