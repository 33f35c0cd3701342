/** The rubric's rules: which of them the judge decides, and what those that apply make of a score. Pure. */
import type { RejectRule, Rubric } from '../model/rubric.js';
import type { AppliedRule, CategoryScore, Evaluation } from '../model/verdict.js';

/** What a rule says to the judge. */
export interface JudgedRule {
  readonly id: string;
  readonly name: string;
  readonly atMost: number;
}

/** Those that no code decides. */
export function judgedRules({ caps, reject }: Rubric): readonly JudgedRule[] {
  const capped = caps.filter(({ when }) => when === undefined);
  const rejected = reject.filter((rule) => !isDecidedByCode(rule));
  return [
    ...capped.map(({ id, name, atMost }) => ({ id, name, atMost })),
    ...rejected.map(({ id, name }) => ({ id, name, atMost: 0 })),
  ];
}

function isDecidedByCode({ missing, small, blank }: RejectRule): boolean {
  return missing !== undefined || small !== undefined || blank !== undefined;
}

/** Caps that the points themselves decide. */
export function cappedByPoints(
  { caps }: Rubric,
  categories: readonly CategoryScore[],
): readonly AppliedRule[] {
  const criteria = categories.flatMap(({ items }) => items);
  return caps.flatMap(({ id, name, atMost, when }) => {
    const criterion = criteria.find((one) => one.id === when?.item);
    if (when === undefined || criterion === undefined || criterion.score >= when.below) return [];
    const comment = `${criterion.id} has ${criterion.score} of ${criterion.max}, fewer than ${when.below}`;
    return [{ id, name, atMost, comment }];
  });
}

/** The score under the rules that apply. */
export function ruled(score: number, rules: readonly AppliedRule[]): number {
  return Math.min(score, ...rules.map(({ atMost }) => Math.floor(atMost)));
}

/** `CAP-1: 60 at most`, `AR-01: rejected`: behind the categories in a breakdown. */
export function ruleWords({ id, atMost }: AppliedRule): string {
  return atMost === 0 ? `${id}: rejected` : `${id}: ${atMost} at most`;
}

/** An item that code rejects: nothing is asked and nothing is paid. */
export function rejection(rules: readonly AppliedRule[]): Evaluation {
  return {
    score: 0,
    verdict: 'REJECTED',
    breakdown: rules.map(ruleWords).join(' | '),
    categories: [],
    rules,
    description: '',
    strengths: [],
    weaknesses: rules.map(({ name, comment }) => `${name}: ${comment}`),
  };
}
