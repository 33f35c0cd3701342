/** What is said of runs whose own sums aren't those of the messages that were booked. */
import type { ReportedUsage, RunRow } from '../model/ledger.js';
import { totalTokens } from '../model/usage.js';
import type { StageContext } from './stage.js';

/** A line for each such run of the attempt, whichever process it ran in. */
export async function sayDifferences({
  attempt,
  stations,
  surroundings,
}: Pick<StageContext, 'attempt' | 'stations' | 'surroundings'>): Promise<void> {
  const runs = await stations.ledger.runs({ plan: attempt.plan, attempt: attempt.uuid });
  for (const run of runs) {
    const said = differenceText(run);
    if (said !== null) surroundings.progress(`${attempt.item}: ${said}`);
  }
}

/** null: the run's own sums agree with what was booked, or it died before it had any. */
export function differenceText({ run, difference, estimated }: RunRow): string | null {
  if (difference === null) return null;
  const isEstimated = totalTokens(estimated) > 0;
  const consequence = isEstimated
    ? 'the estimates in the ledger stand for what no record shows'
    : 'the ledger stays with the messages';
  return `run ${run}: Claude Code counts ${partsOf(difference)} than its messages come to; ${consequence}`;
}

function partsOf({ input, output, cacheRead, cacheWrite }: ReportedUsage): string {
  const kinds = { input, output, 'cache read': cacheRead, 'cache write': cacheWrite };
  return Object.entries(kinds)
    .filter(([, count]) => count !== 0)
    .map(([kind, count]) => `${Math.abs(count)} ${kind} tokens ${count > 0 ? 'more' : 'fewer'}`)
    .join(', ');
}
