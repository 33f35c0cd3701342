import type { Invocation } from './invocation.js';

/** `regen skip <item> [reason]` */
export async function skip(invocation: Invocation, item: string, reason: string | null): Promise<number> {
  const surroundings = await invocation.surroundings();
  const { wireEditablePlans } = await import('../wire-status.js');
  const { readHeading } = await import('../wire-heading.js');
  const { skipItem } = await import('../step/edit-plan.js');
  const plans = await wireEditablePlans(
    surroundings,
    {
      configFile: invocation.options.config,
      readConfig: readHeading,
    },
    invocation.signal,
  );
  const report = await skipItem(plans, { item, reason, now: surroundings.now() }, invocation.signal);
  const text = report.changed.length === 0 ? `${item} is skipped already.` : `Skipped ${item}.`;
  invocation.reporter.result(text, report);
  return 0;
}
