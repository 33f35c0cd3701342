/** What is said of an invocation of the worker. */
import { countStates } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { Outcome, PackedItem, StepResult } from '../../model/step-result.js';
import type { Line } from '../stage.js';
import { lastResults } from '../stages/check.js';
import { shippedData } from '../stages/shipped-data.js';
import type { Told } from './tell.js';
import type { PackEnd } from './work.js';

export interface PackFacts {
  readonly plan: Plan;
  readonly ends: readonly PackEnd[];
  /** Failed or skipped before anything was asked. */
  readonly unasked: readonly PackedItem[];
  readonly told: Told;
  readonly startedAt: Date;
}

export async function packResult(
  { stations, surroundings }: Line,
  { plan, ends, unasked, told, startedAt }: PackFacts,
): Promise<StepResult> {
  const now = await stations.plans.read();
  const counts = now === null ? null : countStates(now.items);
  const items = [...new Map([...unasked, ...told.items].map((item) => [item.id, item])).values()];
  const shipped = ends.flatMap((end) => end.shipped);
  const last = shipped.findLast(({ end }) => end.outcome === 'shipped') ?? shipped.at(-1);
  const [only] = items;
  const number = ends.at(-1)?.pack.attempt.number ?? null;
  return {
    mode: 'execute',
    target: plan.target,
    item: items.length === 1 && only !== undefined ? only.id : number === null ? null : `pack-${number}`,
    outcome: outcomeOf(items),
    reason: reasonOf(items),
    attempt: last?.journal.attempt.number ?? null,
    score: null,
    verdict: null,
    pr: last === undefined ? null : (shippedData(last.journal).pr ?? null),
    checks: (last === undefined ? [] : lastResults(last.journal)).map(({ name, ok, durationMs, notes }) => ({
      ...{ name, ok, durationMs },
      ...(notes.length === 0 ? {} : { notes }),
    })),
    usage: told.usage,
    durationMs: surroundings.now().getTime() - startedAt.getTime(),
    remaining: counts === null ? null : counts.todo + counts.waiting,
    retryAt: null,
    evidence: null,
    items,
  };
}

/** A failure is told first, then what was shipped. */
const byWeight: readonly Outcome[] = ['failed', 'shipped', 'skipped', 'unchanged'];

function outcomeOf(items: readonly PackedItem[]): Outcome {
  return byWeight.find((one) => items.some(({ outcome }) => outcome === one)) ?? 'nothing';
}

/** Why it came to its outcome, and how many came to another; null: there is nothing to say. */
function reasonOf(items: readonly PackedItem[]): string | null {
  const of = (outcome: Outcome) => items.filter((item) => item.outcome === outcome);
  const failed = of('failed');
  const [first] = failed;
  if (first !== undefined) {
    const what = `${first.id}: ${first.reason ?? ''}`;
    return failed.length === 1 ? what : `${failed.length} of ${items.length} items failed; ${what}`;
  }
  const kinds = byWeight.map((outcome) => ({ outcome, count: of(outcome).length }));
  const some = kinds.filter(({ count }) => count > 0);
  if (some.length > 1) return some.map(({ outcome, count }) => `${count} ${outcome}`).join(', ');
  return items.find(({ reason }) => reason !== null)?.reason ?? null;
}
