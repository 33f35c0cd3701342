import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import { exitStatusOf } from '../model/step-result.js';
import { closest } from '../model/suggest.js';
import { stepText } from '../report/step-text.js';

/** `regen [target]`: one step. */
export async function step(invocation: Invocation, wanted: string | null): Promise<number> {
  const surroundings = await invocation.surroundings();
  const { wireLine } = await import('../wire.js');
  const { runStep } = await import('../step/step.js');
  const line = await wireLine(surroundings, invocation.options.config).catch((error: unknown) => {
    throw mistyped(wanted, invocation.commands) ?? error;
  });
  const plan = await line.stations.plans.read();
  const result = await runStep(line, { wanted, commands: invocation.commands }, invocation.signal);
  invocation.reporter.result(stepText(result, plan), result);
  return exitStatusOf(result.outcome);
}

/** Without a usable config nobody knows the targets, but a word that is nearly a command was meant to be one. */
function mistyped(wanted: string | null, commands: readonly string[]): RegenError | null {
  const near = wanted === null ? null : closest(wanted, commands);
  if (near === null) return null;
  return new RegenError('usage', `"${wanted ?? ''}" is no command`, { hint: `Did you mean "${near}"?` });
}
