/** What is said of an invocation of the worker. */
import { countStates, planKey } from '../../model/plan.js';
import type { Plan } from '../../model/plan.js';
import type { Outcome, PackedItem, StepResult } from '../../model/step-result.js';
import { addUsage, noUsage } from '../../model/usage.js';
import type { Line } from '../stage.js';
import { lastResults } from '../stages/check.js';
import { shippedData } from '../stages/shipped-data.js';
import type { PackEnd } from './work.js';

interface PackFacts {
  readonly plan: Plan;
  readonly ends: readonly PackEnd[];
  /** Failed or skipped before anything was asked. */
  readonly unasked: readonly PackedItem[];
  readonly startedAt: Date;
}

export async function packResult(
  { stations, surroundings }: Line,
  { plan, ends, unasked, startedAt }: PackFacts,
): Promise<StepResult> {
  let usage = noUsage;
  for (const attempt of new Set(ends.map((end) => end.pack.attempt.uuid))) {
    usage = addUsage(usage, await stations.ledger.sum({ plan: planKey(plan), attempt }));
  }
  const now = await stations.plans.read();
  const counts = now === null ? null : countStates(now.items);
  // A pack of a batch is settled when it is collected, and shipped after that.
  const items = [...new Map([...unasked, ...ends.flatMap(itemsOf)].map((item) => [item.id, item])).values()];
  const shipped = ends.flatMap((end) => end.shipped);
  const last = shipped.findLast(({ end }) => end.outcome === 'shipped') ?? shipped.at(-1);
  const failed = items.filter(({ outcome }) => outcome === 'failed');
  const [only] = items;
  const number = ends.at(-1)?.pack.attempt.number ?? null;
  return {
    mode: 'execute',
    target: plan.target,
    item: items.length === 1 && only !== undefined ? only.id : number === null ? null : `pack-${number}`,
    outcome: outcomeOf(items),
    reason:
      failed.length > 0
        ? reasonOf(failed, items.length)
        : (items.find(({ reason }) => reason !== null)?.reason ?? null),
    attempt: last?.journal.attempt.number ?? null,
    score: null,
    verdict: null,
    pr: last === undefined ? null : (shippedData(last.journal).pr ?? null),
    checks: (last === undefined ? [] : lastResults(last.journal)).map(({ name, ok, durationMs, notes }) => ({
      ...{ name, ok, durationMs },
      ...(notes.length === 0 ? {} : { notes }),
    })),
    usage,
    durationMs: surroundings.now().getTime() - startedAt.getTime(),
    remaining: counts === null ? null : counts.todo + counts.waiting,
    retryAt: null,
    evidence: null,
    items,
  };
}

function itemsOf({ settled, shipped }: PackEnd): readonly PackedItem[] {
  const ofShipments = shipped.flatMap(({ end }) =>
    end.members.flatMap((id): readonly PackedItem[] => {
      const outcome = outcomes[end.outcome];
      return outcome === null ? [] : [{ id, outcome, reason: end.reason }];
    }),
  );
  return [
    ...ofShipments,
    ...settled.kept.map((id): PackedItem => ({
      id,
      outcome: 'unchanged',
      reason: 'the model left it as it was',
    })),
    ...settled.failed.map(({ id, reason }): PackedItem => ({ id, outcome: 'failed', reason })),
  ];
}

const outcomes: Readonly<Record<PackEnd['shipped'][number]['end']['outcome'], Outcome | null>> = {
  shipped: 'shipped',
  unchanged: 'unchanged',
  failed: 'failed',
  'given-up': 'failed',
  skipped: 'skipped',
  stopped: 'skipped',
  // Asked anew, tried in halves or under another name: nothing has become of it yet.
  split: null,
  rejected: null,
  stale: null,
  renamed: null,
};

/** A failure is told first, then what was shipped. */
function outcomeOf(items: readonly PackedItem[]): Outcome {
  const order: readonly Outcome[] = ['failed', 'shipped', 'skipped', 'unchanged'];
  return order.find((one) => items.some(({ outcome }) => outcome === one)) ?? 'nothing';
}

function reasonOf(failed: readonly PackedItem[], all: number): string {
  const [first] = failed;
  const what = `${first?.id ?? ''}: ${first?.reason ?? ''}`;
  return failed.length === 1 ? what : `${failed.length} of ${all} items failed; ${what}`;
}
