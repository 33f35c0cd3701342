import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import { exitStatusOf } from '../model/step-result.js';
import { closest } from '../model/suggest.js';
import { stepText } from '../report/step-text.js';
import { planSummary } from '../step/plan-summary.js';
import { unknownTargetIn } from '../step/decide-plan.js';
import type { Line } from '../step/stage.js';

/** `regen [target]`: one step. */
export async function step(invocation: Invocation, wanted: string | null): Promise<number> {
  const { commands, options, reporter, signal } = invocation;
  const surroundings = await invocation.surroundings();
  const { wireLine } = await import('../wire.js');
  const { runStep } = await import('../step/step.js');
  const meant = wanted === null ? null : closest(wanted, commands);
  const line = await wireLine(surroundings, options.config).catch((error: unknown) => {
    // Without a usable config nobody knows the targets.
    throw wanted === null || meant === null ? error : mistyped(wanted, meant);
  });
  if (wanted !== null && meant !== null) await ensureTarget(line, { wanted, meant, commands }, signal);
  const plan = await line.stations.plans.read();
  const request = { wanted, commands, ignoresWait: options.waitState === false };
  const result = await runStep(line, request, signal);
  const isArchived = result.outcome === 'archived' && plan !== null;
  const archived = isArchived ? { plan, ...(await planSummary(line.stations.ledger, plan)) } : null;
  reporter.result(stepText(result, archived), result);
  return exitStatusOf(result.outcome);
}

interface NearlyACommand {
  readonly wanted: string;
  readonly meant: string;
  readonly commands: readonly string[];
}

/** A word that is nearly a command must not even fetch; the targets are those of the base as it was fetched last. */
async function ensureTarget({ stations }: Line, word: NearlyACommand, signal: AbortSignal): Promise<void> {
  const { picker, plans, workspace } = stations;
  const { wanted, meant, commands } = word;
  if ((await plans.read())?.target === wanted) return;
  const base = await workspace.knownBase(signal).catch(() => {
    signal.throwIfAborted();
    throw mistyped(wanted, meant);
  });
  const known = await picker.targets(workspace.tree(base.sha), signal);
  if (!known.includes(wanted)) throw unknownTargetIn({ wanted, known }, commands);
}

function mistyped(wanted: string, meant: string): RegenError {
  return new RegenError('usage', `"${wanted}" is no command`, { hint: `Did you mean "${meant}"?` });
}
