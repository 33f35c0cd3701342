/** What checks and evaluation say of an attempt. */

export type Verdict = 'APPROVED' | 'NEEDS_WORK' | 'REJECTED';

/** One check's result in one round. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** What the agent is told of a failure: at most 2,000 characters; null when it passed. */
  readonly digest: string | null;
  /** What a person should know of it and the agent needn't mend, each in one line: flaky tests, what the base fails at too. */
  readonly notes: readonly string[];
  /** The full log, relative to the repository's root. */
  readonly log: string;
}

/** One criterion of the rubric, as it was scored. */
export interface CriterionScore {
  readonly id: string;
  readonly name: string;
  readonly score: number;
  readonly max: number;
  readonly passed: boolean;
  readonly comment: string;
}

export interface CategoryScore {
  readonly id: string;
  readonly name: string;
  /** The sum of its items' scores. */
  readonly score: number;
  readonly max: number;
  readonly items: readonly CriterionScore[];
}

/** A rule of the rubric that decided the score. */
export interface AppliedRule {
  readonly id: string;
  readonly name: string;
  /** The highest score that it leaves: 0 rejects. */
  readonly atMost: number;
  /** What was seen: the judge's sentence, or what code found. */
  readonly comment: string;
}

/** One review of the item. Every text in it is one line of the model's. */
export interface Evaluation {
  /** 0 to 100, whole: the share of the rubric's maximum, rounded down, so that no threshold is reached by rounding. */
  readonly score: number;
  readonly verdict: Verdict;
  /** `VQ: 30/30 | DE: 13/20` */
  readonly breakdown: string;
  /** Empty when code rejected it, and no judge was asked. */
  readonly categories: readonly CategoryScore[];
  /** Caps and rejections that apply. */
  readonly rules: readonly AppliedRule[];
  /** What the judge saw; empty when it said nothing. */
  readonly description: string;
  readonly strengths: readonly string[];
  readonly weaknesses: readonly string[];
}
