import type { Invocation } from './invocation.js';
import { exitStatusOf } from '../model/step-result.js';
import type { NewChangeRequest } from '../model/plan.js';
import { planDocument, planText } from '../report/plan-text.js';
import { stepText } from '../report/step-text.js';
import { makePlan } from '../step/plan-mode.js';
import { wirePlanner } from '../wire.js';

interface PlanFlags {
  readonly target: string | null;
  readonly dryRun: boolean;
  readonly explain: boolean;
  /** Change requests come as JSON on standard input. */
  readonly requests: boolean;
}

/** `regen plan [target]`: plan mode only. */
export async function plan(invocation: Invocation, flags: PlanFlags): Promise<number> {
  const surroundings = await invocation.surroundings();
  const planner = await wirePlanner(surroundings, invocation.options.config);
  const request = {
    wanted: flags.target,
    commands: invocation.commands,
    dryRun: flags.dryRun,
    requests: flags.requests ? await handedIn(invocation) : null,
  };
  const made = await makePlan(planner, request, invocation.signal);
  if ('outcome' in made) {
    invocation.reporter.result(stepText(made, null), made);
    return exitStatusOf(made.outcome);
  }
  invocation.reporter.result(planText(made, flags), planDocument(made));
  return 0;
}

async function handedIn({ signal }: Invocation): Promise<readonly NewChangeRequest[]> {
  const [{ readStdinJson }, { parseChangeRequests }] = await Promise.all([
    import('../system/stdin-json.js'),
    import('../model/change-request-schema.js'),
  ]);
  return parseChangeRequests(await readStdinJson('the list of change requests', signal));
}
