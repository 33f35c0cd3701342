/** The order in which targets have their turn. */
import type { TargetsConfig } from '../model/config.js';
import { formatInstant } from '../model/instant.js';
import { compareNames } from './names.js';
import type { ListedTarget } from './targets.js';

type Order = TargetsConfig['order'];

export interface Candidate {
  readonly listed: ListedTarget;
  /** The later of its own age and its newest archive; null when it has neither. */
  readonly age: Date | null;
  readonly isAgeOfArchive: boolean;
}

interface QueueFacts {
  readonly updated: ReadonlyMap<string, Date>;
  readonly archives: ReadonlyMap<string, Date>;
  readonly order: Order;
}

/** Oldest first, what was never touched before everything else, ties by name; or by name alone. */
export function queueOf(listed: readonly ListedTarget[], facts: QueueFacts): Candidate[] {
  const candidates = listed.map((target): Candidate => {
    const updated = facts.updated.get(target.id) ?? null;
    const archived = facts.archives.get(target.id) ?? null;
    const isAgeOfArchive = archived !== null && (updated === null || archived > updated);
    return { listed: target, age: isAgeOfArchive ? archived : updated, isAgeOfArchive };
  });
  return candidates.sort((left, right) => {
    const byAge = facts.order === 'oldest' ? instantOf(left) - instantOf(right) : 0;
    return byAge === 0 || Number.isNaN(byAge) ? compareNames(left.listed.id, right.listed.id) : byAge;
  });
}

interface Reasons {
  readonly isNamed: boolean;
  readonly objections: readonly string[];
  readonly order: Order;
  /** How many targets before it were passed over. */
  readonly passedOver: number;
}

/** One sentence: why this one. */
export function whyOf(candidate: Candidate, reasons: Reasons): string {
  if (reasons.isNamed) {
    const although = reasons.objections.map((objection) => `although it ${objection}`);
    return ['named on the command line', ...although].join(', ');
  }
  const before = reasons.passedOver === 0 ? '' : `; ${reasons.passedOver} before it passed over`;
  return `${rankOf(candidate, reasons.order)}${before}`;
}

function rankOf(candidate: Candidate, order: Order): string {
  if (order === 'name') return 'the first by name';
  if (candidate.age === null) return 'never updated, so older than all that were';
  const verb = candidate.isAgeOfArchive ? 'finished' : 'updated';
  return `the oldest: last ${verb} ${formatInstant(candidate.age)}`;
}

/** -Infinity for a target without any age; two of those subtract to NaN, a tie. */
function instantOf(candidate: Candidate): number {
  return candidate.age?.getTime() ?? -Infinity;
}
