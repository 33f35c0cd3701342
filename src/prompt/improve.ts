import type { CriterionScore, Evaluation } from '../model/verdict.js';

/** More at once, and the agent begins anew instead of mending. */
const mostCriteria = 3;

/** The next turn of the same session, after a review that the work didn't pass: what is worth most to mend. */
export function improveMessage(evaluation: Evaluation): string {
  const weakest = weakestCriteria(evaluation).map(
    ({ id, name, score, max, comment }) => `- ${id}, ${name}: ${score} of ${max}. ${comment}`,
  );
  const rules = evaluation.rules.map(
    ({ name, atMost, comment }) =>
      `- ${name}: ${comment} (${atMost === 0 ? 'this alone rejects it' : `${atMost} at most`})`,
  );
  const worst = [...rules, ...weakest].slice(0, mostCriteria);
  const found = worst.length > 0 ? worst : evaluation.weaknesses.map((weakness) => `- ${weakness}`);
  const strengths = evaluation.strengths.slice(0, mostCriteria).map((strength) => `- ${strength}`);
  return [
    `# The work is not good enough yet\n\nA reviewer gave it ${evaluation.score} of 100. Most was lost here:`,
    found.join('\n'),
    ...(strengths.length === 0 ? [] : [`Keep what was praised:\n\n${strengths.join('\n')}`]),
    'Improve the work itself, in the files that you may write; a text that praises it changes no score. The checks and\nthe review run again by themselves when you end.',
  ].join('\n\n');
}

/** Those that lost most points, most first. */
function weakestCriteria({ categories }: Evaluation): readonly CriterionScore[] {
  const lost = ({ score, max }: CriterionScore) => max - score;
  return categories
    .flatMap(({ items }) => items)
    .filter((criterion) => lost(criterion) > 0)
    .toSorted((left, right) => lost(right) - lost(left))
    .slice(0, mostCriteria);
}
