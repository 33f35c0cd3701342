/** From the judge's answer to a score. Code adds up, never the model; an answer with a flaw has no score. Pure. */
import * as z from 'zod';
import type { Rubric } from '../model/rubric.js';
import type { AppliedRule, CategoryScore, Evaluation, Verdict } from '../model/verdict.js';
import { cappedByPoints, judgedRules, ruled, ruleWords } from './rules.js';

/** What the answer comes to before thresholds are looked at. */
export type Scores = Omit<Evaluation, 'verdict'>;

export type Scored =
  | { readonly kind: 'scored'; readonly scores: Scores }
  /** A sentence per flaw. */
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

const answerSchema = z.strictObject({
  rules: z.record(z.string(), z.strictObject({ applies: z.boolean(), comment: z.string() })).default({}),
  criteria: z.record(
    z.string(),
    z.strictObject({ score: z.number(), passed: z.boolean(), comment: z.string() }),
  ),
  subtotals: z.record(z.string(), z.number()).default({}),
  description: z.string(),
  strengths: z.array(z.string()),
  weaknesses: z.array(z.string()),
});

type Answer = z.output<typeof answerSchema>;

export function scoreAnswer(rubric: Rubric, answer: unknown): Scored {
  if (answer === null || answer === undefined) return malformed(['there is no structured answer']);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) {
    return malformed(
      parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'answer'}: ${message}`),
    );
  }
  const problems = [...problemsIn(rubric, parsed.data.criteria), ...unruled(rubric, parsed.data.rules)];
  if (problems.length > 0) return malformed(problems);
  const { description, strengths, weaknesses, criteria } = parsed.data;
  const categories = rubric.categories.map((category) => scoreCategory(category, criteria));
  const wrong = wrongSums(categories, parsed.data.subtotals);
  if (wrong.length > 0) return malformed(wrong);
  const rules = [...cappedByPoints(rubric, categories), ...appliedRules(rubric, parsed.data.rules)];
  return {
    kind: 'scored',
    scores: {
      score: ruled(share(categories), rules),
      breakdown: [...categories.map(categoryWords), ...rules.map(ruleWords)].join(' | '),
      categories,
      rules,
      description,
      strengths,
      weaknesses,
    },
  };
}

/** What a score is worth in this review; what a rule rejects is rejected, whatever the thresholds. */
export function verdictOf(
  { score, rules }: Pick<Scores, 'score' | 'rules'>,
  { accept, reject }: { readonly accept: number; readonly reject: number },
): Verdict {
  if (rules.some(({ atMost }) => atMost === 0)) return 'REJECTED';
  if (score >= accept) return 'APPROVED';
  return score < reject ? 'REJECTED' : 'NEEDS_WORK';
}

function problemsIn(rubric: Rubric, criteria: Answer['criteria']): string[] {
  const items = rubric.categories.flatMap((category) => category.items);
  const known = new Set(items.map(({ id }) => id));
  const unknown = Object.keys(criteria).filter((id) => !known.has(id));
  return [
    ...items.flatMap(({ id, max }) => {
      const score = criterion(criteria, id)?.score;
      if (score === undefined) return [`${id} is missing`];
      return score < 0 || score > max ? [`${id}: the score is ${score}, it goes from 0 to ${max}`] : [];
    }),
    ...unknown.map((id) => `${JSON.stringify(id)} is no criterion of the rubric`),
  ];
}

/** An id such as `constructor` is no answer only because every object has one. */
function criterion(criteria: Answer['criteria'], id: string): Answer['criteria'][string] | undefined {
  return Object.hasOwn(criteria, id) ? criteria[id] : undefined;
}

function scoreCategory(category: Rubric['categories'][number], criteria: Answer['criteria']): CategoryScore {
  const items = category.items.flatMap(({ id, name, max }) => {
    const given = criterion(criteria, id);
    return given === undefined ? [] : [{ id, name, max, ...given }];
  });
  const { id, name, max } = category;
  return { id, name, score: sum(items), max, items };
}

/** Sums are made here; where the answer has some of its own and they differ, one of its scores isn't what was meant. */
function wrongSums(categories: readonly CategoryScore[], told: Answer['subtotals']): string[] {
  const unknown = Object.keys(told).filter((id) => !categories.some((category) => category.id === id));
  return [
    ...categories.flatMap(({ id, score, max }) => {
      const own = Object.hasOwn(told, id) ? told[id] : undefined;
      if (own === undefined || Math.abs(own - score) <= 1e-9 * Math.max(1, max)) return [];
      return [`${id}: the subtotal is ${own}, but its criteria add up to ${score}`];
    }),
    ...unknown.map((id) => `${JSON.stringify(id)} is no category of the rubric`),
  ];
}

function share(categories: readonly CategoryScore[]): number {
  const items = categories.flatMap((category) => category.items);
  const points = items.reduce((total, { score }) => total + score, 0);
  const max = items.reduce((total, item) => total + item.max, 0);
  return Math.min(100, Math.floor((100 * points) / max + 1e-9)); // tenths don't add up exactly
}

/** Twelve digits: what tenths add up to in binary is not for people to read. */
function sum(parts: readonly { readonly score: number }[]): number {
  return Number(parts.reduce((total, { score }) => total + score, 0).toPrecision(12));
}

function categoryWords({ id, score, max }: CategoryScore): string {
  return `${id}: ${score}/${max}`;
}

/** Each rule that the judge decides has to be answered: silence would acquit. */
function unruled(rubric: Rubric, rules: Answer['rules']): string[] {
  const judged = judgedRules(rubric);
  const unknown = Object.keys(rules).filter((id) => !judged.some((rule) => rule.id === id));
  return [
    ...judged.filter(({ id }) => !Object.hasOwn(rules, id)).map(({ id }) => `rule ${id} is missing`),
    ...unknown.map((id) => `${JSON.stringify(id)} is no rule of the rubric for you to decide`),
  ];
}

function appliedRules(rubric: Rubric, rules: Answer['rules']): readonly AppliedRule[] {
  return judgedRules(rubric).flatMap((rule) => {
    const answer = rules[rule.id];
    return answer?.applies === true ? [{ ...rule, comment: answer.comment }] : [];
  });
}

function malformed(problems: readonly string[]): Scored {
  return { kind: 'malformed', problems };
}
