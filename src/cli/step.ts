import type { Invocation } from './invocation.js';
import { exitStatusOf } from '../model/step-result.js';
import { stepText } from '../report/step-text.js';

/** `regen [target]`: one step. */
export async function step(invocation: Invocation, wanted: string | null): Promise<number> {
  const surroundings = await invocation.surroundings();
  const { wireLine } = await import('../wire.js');
  const { runStep } = await import('../step/step.js');
  const line = await wireLine(surroundings, invocation.options.config);
  const plan = await line.stations.plans.read();
  const result = await runStep(line, { wanted, commands: invocation.commands }, invocation.signal);
  invocation.reporter.result(stepText(result, plan), result);
  return exitStatusOf(result.outcome);
}
