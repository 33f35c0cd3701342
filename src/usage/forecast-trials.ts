/** Many possible ends of a plan, drawn from what finished items took. Pure: the same question has the same answer. */
import { createDraw } from './random.js';

/** What an item may take. */
export interface Take {
  readonly costUsd: number;
  readonly durationMs: number;
}

export interface TrialQuestion {
  /** At least one. */
  readonly pool: readonly Take[];
  /** How many items are left. */
  readonly remaining: number;
  /** US dollars that the plan may still spend, and that everybody may today; Infinity: no limit. */
  readonly left: { readonly target: number; readonly day: number };
  /** Until the day's limit begins anew. */
  readonly msToMidnight: number;
}

/** A trial each. Of a limit: the index of the remaining item at which it runs out, Infinity when it lasts. */
export interface Trials {
  readonly costUsd: readonly number[];
  readonly durationMs: readonly number[];
  readonly targetAt: readonly number[];
  readonly dayAt: readonly number[];
}

const mostTrials = 1000;
const fewestTrials = 200;
/** More draws than this would be felt: 4 million take a tenth of a second. */
const mostDraws = 4_000_000;

/**
 * A bootstrap of the sum: in each trial every remaining item takes what some finished one took. 90th percentiles can't be
 * added up: that nearly all of many items are dear is far less likely than that one is. Each trial first draws the pool
 * itself anew, so that a few finished items, which say little, give a wider spread than many that look alike.
 */
export function simulate({ pool, remaining, left, msToMidnight }: TrialQuestion): Trials {
  const draw = createDraw(1);
  const sorted = pool.toSorted((a, b) => a.costUsd - b.costUsd || a.durationMs - b.durationMs);
  const trials: Mutable<Trials> = { costUsd: [], durationMs: [], targetAt: [], dayAt: [] };
  const count = Math.max(fewestTrials, Math.min(mostTrials, Math.floor(mostDraws / Math.max(1, remaining))));
  for (let trial = 0; trial < count; trial += 1) {
    const drawn = sorted.map(() => sorted[draw(sorted.length)]);
    let cost = 0;
    let duration = 0;
    let targetAt = Infinity;
    let dayAt = Infinity;
    for (let index = 0; index < remaining; index += 1) {
      const take = drawn[draw(drawn.length)];
      if (take === undefined) continue; // only of an empty pool
      const isToday = duration < msToMidnight;
      cost += take.costUsd;
      duration += take.durationMs;
      if (targetAt === Infinity && cost >= left.target) targetAt = index;
      if (dayAt === Infinity && isToday && cost >= left.day) dayAt = index;
    }
    trials.costUsd.push(cost);
    trials.durationMs.push(duration);
    trials.targetAt.push(targetAt);
    trials.dayAt.push(dayAt);
  }
  return trials;
}

type Mutable<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer Value)[] ? Value[] : T[Key];
};
