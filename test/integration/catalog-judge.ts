/** Who judges the catalog's implementations in tests: its answers, and what they leave in metadata and pull requests. */
import { parse } from 'yaml';
import type { Rubric } from '../../src/model/rubric.js';
import { exampleFiles } from '../support/example-files.js';
import type { Answers } from '../support/judge.js';

const files = await exampleFiles('catalog');
const rubric = parse(files['prompts/rubric.yaml'] ?? '') as Rubric; // the step reads it with all its checks

/** What the judge thinks of one version of an implementation. */
export interface Opinion {
  /** Where points are missing: what is given instead of a criterion's maximum. */
  readonly points: Readonly<Record<string, number>>;
  readonly description: string;
  readonly strengths: readonly string[];
  readonly weaknesses: readonly string[];
}

const alike = {
  description: 'Points on white, and on black.',
  strengths: ['Both themes are alike.'],
  weaknesses: ["The look is the library's."],
};

const opinions = {
  altair: { ...alike, points: { 'DE-01': 5, 'DE-02': 4, 'DE-03': 4, 'DQ-02': 4, 'LM-02': 3 } },
  highcharts: { ...alike, points: { 'DE-01': 4, 'DE-03': 4, 'LM-01': 3 } },
};

/** The line of the pull request's body. */
export const qualities: readonly string[] = [qualityOf(opinions.altair), qualityOf(opinions.highcharts)];

export const answers: Answers = {
  altair: [answerOf(opinions.altair)],
  highcharts: [answerOf(opinions.highcharts)],
};

/** The `review` block of an item, as YAML. */
export function reviewOf(item: keyof typeof opinions): string {
  return reviewBlock(opinions[item], 'APPROVED');
}

export function scoreOf({ points }: Pick<Opinion, 'points'>): number {
  return rubric.categories.reduce((sum, category) => sum + pointsIn(category, points), 0);
}

/** As a pull request's body tells it: the score, and the points of each category. */
export function qualityOf(opinion: Pick<Opinion, 'points'>): string {
  const parts = rubric.categories.map(
    (category) => `${category.id}: ${pointsIn(category, opinion.points)}/${category.max}`,
  );
  return `${scoreOf(opinion)}/100 (${parts.join(' | ')})`;
}

export function answerOf({ points, description, strengths, weaknesses }: Opinion) {
  const criteria = rubric.categories
    .flatMap((category) => category.items)
    .map(({ id, max }) => {
      const score = points[id] ?? max;
      return [id, { score, passed: score === max, comment: commentOn(score, max) }] as const;
    });
  return { criteria: Object.fromEntries(criteria), description, strengths, weaknesses };
}

/** The `review` block that an opinion leaves in the metadata. */
export function reviewBlock(opinion: Opinion, verdict: string): string {
  const categories = rubric.categories.map((category) => {
    const criteria = category.items.map((criterion) => {
      const score = opinion.points[criterion.id] ?? criterion.max;
      return `        - id: ${criterion.id}
          name: ${/: /.test(criterion.name) ? JSON.stringify(criterion.name) : criterion.name}
          score: ${score}
          max: ${criterion.max}
          passed: ${score === criterion.max}
          comment: ${commentOn(score, criterion.max)}
`;
    });
    const { id, max } = category;
    return `    ${id}:\n      score: ${pointsIn(category, opinion.points)}\n      max: ${max}\n      items:\n${criteria.join('')}`;
  });
  const listed = (texts: readonly string[]) => texts.map((text) => `    - ${text}\n`).join('');
  return `review:
  image_description: ${opinion.description}
  strengths:
${listed(opinion.strengths)}  weaknesses:
${listed(opinion.weaknesses)}  verdict: ${verdict}
  criteria_checklist:
${categories.join('')}`;
}

function pointsIn({ items }: Rubric['categories'][number], points: Opinion['points']): number {
  return items.reduce((sum, criterion) => sum + (points[criterion.id] ?? criterion.max), 0);
}

function commentOn(score: number, max: number): string {
  return score === max ? 'As it should be.' : 'There is more in it.';
}
