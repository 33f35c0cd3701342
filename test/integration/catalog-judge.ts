/** Who judges the catalog's implementations in the test, and the review that its answer leaves in the metadata. */
import { parse } from 'yaml';
import type { Rubric } from '../../src/model/rubric.js';
import { exampleFiles } from '../support/example-files.js';
import type { Answers } from '../support/judge.js';

const files = await exampleFiles('catalog');
const rubric = parse(files['prompts/rubric.yaml'] ?? '') as Rubric; // the step reads it with all its checks

/** Where points are missing, by item. */
const scored: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  altair: { 'DE-01': 5, 'DE-02': 4, 'DE-03': 4, 'DQ-02': 4, 'LM-02': 3 },
  highcharts: { 'DE-01': 4, 'DE-03': 4, 'LM-01': 3 },
};

/** The line of the pull request's body. */
export const qualities: readonly string[] = [
  '90/100 (VQ: 30/30 | DE: 13/20 | SC: 15/15 | DQ: 14/15 | CQ: 10/10 | LM: 8/10)',
  '92/100 (VQ: 30/30 | DE: 14/20 | SC: 15/15 | DQ: 15/15 | CQ: 10/10 | LM: 8/10)',
];

export const answers: Answers = { altair: [answerFor('altair')], highcharts: [answerFor('highcharts')] };

/** The `review` block of an item, as YAML. */
export function reviewOf(item: string): string {
  const categories = rubric.categories.map(({ id, max, items }) => {
    const criteria = items.map((criterion) => {
      const score = scored[item]?.[criterion.id] ?? criterion.max;
      return `        - id: ${criterion.id}
          name: ${/: /.test(criterion.name) ? JSON.stringify(criterion.name) : criterion.name}
          score: ${score}
          max: ${criterion.max}
          passed: ${score === criterion.max}
          comment: ${score === criterion.max ? 'As it should be.' : 'There is more in it.'}
`;
    });
    const score = items.reduce((sum, criterion) => sum + (scored[item]?.[criterion.id] ?? criterion.max), 0);
    return `    ${id}:\n      score: ${score}\n      max: ${max}\n      items:\n${criteria.join('')}`;
  });
  return `review:
  image_description: Points on white, and on black.
  strengths:
    - Both themes are alike.
  weaknesses:
    - The look is the library's.
  verdict: APPROVED
  criteria_checklist:
${categories.join('')}`;
}

function answerFor(item: string) {
  const criteria = rubric.categories
    .flatMap((category) => category.items)
    .map(({ id, max }) => {
      const score = scored[item]?.[id] ?? max;
      const comment = score === max ? 'As it should be.' : 'There is more in it.';
      return [id, { score, passed: score === max, comment }] as const;
    });
  return {
    criteria: Object.fromEntries(criteria),
    description: 'Points on white, and on black.',
    strengths: ['Both themes are alike.'],
    weaknesses: ["The look is the library's."],
  };
}
