import type { Invocation } from './invocation.js';
import { exitStatusOf } from '../model/step-result.js';
import { planDocument, planText } from '../report/plan-text.js';
import { stepText } from '../report/step-text.js';
import { makePlan } from '../step/plan-mode.js';
import { wirePlanner } from '../wire.js';

interface PlanFlags {
  readonly target: string | null;
  readonly dryRun: boolean;
  readonly explain: boolean;
}

/** `regen plan [target]`: plan mode only. */
export async function plan(invocation: Invocation, flags: PlanFlags): Promise<number> {
  const surroundings = await invocation.surroundings();
  const planner = await wirePlanner(surroundings, invocation.options.config);
  const request = { wanted: flags.target, commands: invocation.commands, dryRun: flags.dryRun };
  const made = await makePlan(planner, request, invocation.signal);
  if ('outcome' in made) {
    invocation.reporter.result(stepText(made, null), made);
    return exitStatusOf(made.outcome);
  }
  invocation.reporter.result(planText(made, flags), planDocument(made));
  return 0;
}
