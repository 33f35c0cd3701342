/** The failures that the logs of plans tell of. Pure. */
import { parseInstant } from '../model/instant.js';
import type { Plan } from '../model/plan.js';
import type { ArchivedPlan, ReportedFailure } from '../model/report-page.js';
import { logOf, withoutEvidence } from './log-line.js';

/**
 * Newest first; those of the plan at work before those of the archives.
 *
 * @param archives - newest first.
 */
export function failuresOf(
  plan: Plan | null,
  archives: readonly Pick<ArchivedPlan, 'plan'>[],
): readonly ReportedFailure[] {
  return [
    ...(plan === null ? [] : inPlan(plan, false)),
    ...archives.flatMap((archive) => inPlan(archive.plan, true)),
  ];
}

function inPlan({ target, items, log }: Plan, isArchived: boolean): ReportedFailure[] {
  const states = new Map(items.map(({ id, state }) => [id, state]));
  return log
    .flatMap(({ item, text }) => {
      const failed = /^FAILED(?::| —)\s*(.*?)(?:\s*\(([^()]*)\))?$/.exec(text);
      if (failed === null) return [];
      const [, told = '', when = ''] = failed;
      const at = parseInstant(when)?.toISOString() ?? null;
      const state = states.get(item) ?? null;
      return [{ at, target, item, reason: withoutEvidence(told), log: logOf(told), state, isArchived }];
    })
    .reverse();
}
