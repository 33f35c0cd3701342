import type { Invocation } from './invocation.js';

/** `regen abandon`: archives the plan and cleans up. */
export async function abandon(invocation: Invocation): Promise<number> {
  const surroundings = await invocation.surroundings();
  const { wireLine } = await import('../wire.js');
  const { abandonPlan } = await import('../step/edit-plan.js');
  const line = await wireLine(surroundings, invocation.options.config);
  const report = await abandonPlan(line, invocation.signal);
  invocation.reporter.result(
    `Abandoned ${report.target}; the plan is in ${report.archive}. Run regen for the next.`,
    report,
  );
  return 0;
}
