import type { Invocation } from './invocation.js';
import { RegenError } from '../model/errors.js';
import type { RetryRequest } from '../step/edit-plan.js';

/** `regen retry <item…|--failed> [--adopt]`: only resets. */
export async function retry(invocation: Invocation, request: RetryRequest): Promise<number> {
  if (request.items.length === 0 && !request.failed) {
    throw new RegenError('usage', 'regen retry needs items, or --failed', {
      hint: 'For example: regen retry altair',
    });
  }
  const surroundings = await invocation.surroundings();
  const { wireEditablePlans } = await import('../wire-status.js');
  const { readHeading } = await import('../wire-heading.js');
  const { retryItems } = await import('../step/edit-plan.js');
  const plans = await wireEditablePlans(
    surroundings,
    {
      configFile: invocation.options.config,
      readConfig: readHeading,
    },
    invocation.signal,
  );
  const report = await retryItems({ plans, surroundings }, request, invocation.signal);
  const changed =
    report.changed.length === 0
      ? 'Nothing to reset.'
      : `To do again: ${report.changed.join(', ')}. Run regen.`;
  invocation.reporter.result(changed, report);
  return 0;
}
