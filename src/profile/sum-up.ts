/** Many sessions as one report. Pure. */
import type {
  Counted,
  Counting,
  Finding,
  Place,
  ProfiledSession,
  ProfiledStep,
  ProfiledUsage,
} from '../model/profile.js';
import type { Detector } from './detectors/detector.js';
import { addCosts } from './detectors/detector.js';
import { groupBy } from './group-by.js';
import { factorOf } from './inventory.js';

/** Sums, peaks and means of several. */
export function addUp(all: readonly ProfiledUsage[]): ProfiledUsage {
  const sum = (of: (usage: ProfiledUsage) => number): number =>
    all.reduce((total, usage) => total + of(usage), 0);
  const requests = sum((usage) => usage.requests);
  return {
    requests,
    input: sum((usage) => usage.input),
    output: sumKnown(all.map(({ output }) => output)),
    cacheRead: sum((usage) => usage.cacheRead),
    cacheWrite5m: sum((usage) => usage.cacheWrite5m),
    cacheWrite1h: sum((usage) => usage.cacheWrite1h),
    costUsd: sumKnown(all.map(({ costUsd }) => costUsd)),
    peakContext: all.reduce((most, { peakContext }) => Math.max(most, peakContext), 0),
    meanContext:
      requests === 0 ? 0 : Math.round(sum((usage) => usage.meanContext * usage.requests) / requests),
    durationMs: sumKnown(all.map(({ durationMs }) => durationMs)),
    toolCalls: sum((usage) => usage.toolCalls),
    subagents: sum((usage) => usage.subagents),
  };
}

/** null when any part isn't known: half a sum would look like a whole one. */
function sumKnown(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

export function addCountings(all: readonly Counting[]): Counting {
  const perRecord = all.map((counting) => counting.perRecord).reduce(addCounted, nothingCounted);
  const perMessage = all.map((counting) => counting.perMessage).reduce(addCounted, nothingCounted);
  return { perRecord, perMessage, factor: factorOf(perRecord, perMessage) };
}

const nothingCounted: Counted = {
  requests: 0,
  withoutTool: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
};

function addCounted(one: Counted, other: Counted): Counted {
  return {
    requests: one.requests + other.requests,
    withoutTool: one.withoutTool + other.withoutTool,
    input: one.input + other.input,
    output: sumKnown([one.output, other.output]),
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
  };
}

/** By stage, in the order of their first sessions; those that regen did not make are in none. */
export function stepsOf(sessions: readonly ProfiledSession[]): readonly ProfiledStep[] {
  const made = sessions.filter(({ step }) => step !== null);
  return [...groupBy(made, ({ step }) => step?.stage ?? '')].map(([stage, own]) => ({
    stage,
    sessions: own.length,
    ...addUp(own),
  }));
}

/** One finding for every rule that found anything, the dearest first. */
export function findingsOf(found: ReadonlyMap<Detector, readonly Place[]>): readonly Finding[] {
  const findings = [...found].flatMap(([{ id, rule, title, recommendation }, places]): Finding[] =>
    places.length === 0
      ? []
      : [
          {
            id,
            rule,
            title,
            count: places.reduce((sum, { count }) => sum + count, 0),
            ...addCosts(places),
            recommendation,
            places: dearestFirst(places),
          },
        ],
  );
  return dearestFirst(findings);
}

/** By money when all have a price, else by tokens: two measures in one list would be no order. */
function dearestFirst<T extends Pick<Place, 'tokens' | 'costUsd'>>(all: readonly T[]): readonly T[] {
  const isPriced = all.every(({ costUsd }) => costUsd !== null);
  return all.toSorted((one, other) => {
    const dollars = isPriced ? (other.costUsd ?? 0) - (one.costUsd ?? 0) : 0;
    return dollars === 0 ? other.tokens - one.tokens : dollars;
  });
}
