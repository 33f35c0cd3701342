/** Caps and rejections of a rubric: those that code decides, and those that the judge does. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { answerJsonSchema } from '../../src/judge/answer-schema.js';
import { rejectedByFiles } from '../../src/judge/file-rules.js';
import { judgePrefix } from '../../src/judge/question.js';
import { parseRubric } from '../../src/judge/rubric.js';
import { rejection } from '../../src/judge/rules.js';
import { scoreAnswer, verdictOf } from '../../src/judge/score.js';
import type { Rubric } from '../../src/model/rubric.js';
import { makePlace } from '../support/item-place.js';
import type { TestPlace } from '../support/item-place.js';
import { answerWith, rubricText } from '../support/rubric.js';

const places: TestPlace[] = [];

afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.cleanup()));
});

const rubric = withRules(`caps:
  - { id: CAP-1, name: Illegible, atMost: 60, when: { item: VQ-01, below: 10 } }
  - { id: CAP-2, name: Copies an example of the library, atMost: 55.5 }
reject:
  - { id: AR-01, name: No source, missing: 'src/{item}.py' }
  - { id: AR-02, name: Too small a picture, small: { file: plot.svg, bytes: 60 } }
  - { id: AR-03, name: Blank picture, blank: plot.svg }
  - { id: AR-04, name: Shows no data }
`);

const innocent = {
  'CAP-2': { applies: false, comment: 'Its own.' },
  'AR-04': { applies: false, comment: 'Three series.' },
};
const good = { ...answerWith({ vq1: 20, vq2: 10, de1: 20 }), rules: innocent };

describe('a rule that the judge decides', () => {
  it('is asked for by its id, and told with what it costs', () => {
    expect(answerJsonSchema(rubric)).toMatchObject({
      required: ['rules', 'criteria', 'description', 'strengths', 'weaknesses'],
      properties: { rules: { properties: { 'CAP-2': {}, 'AR-04': {} } } },
    });
    expect(judgePrefix(rubric, [])).toContain(
      '- CAP-2, Copies an example of the library: 55.5 of 100 at most\n- AR-04, Shows no data: rejected',
    );
    expect(judgePrefix(rubric, [])).not.toMatch(/CAP-1|AR-0[123]/);
  });

  it('caps the score, whatever the points', () => {
    const rules = { ...innocent, 'CAP-2': { applies: true, comment: 'The gallery’s first.' } };

    expect(scoreAnswer(rubric, { ...good, rules })).toMatchObject({
      kind: 'scored',
      scores: {
        score: 55,
        breakdown: 'VQ: 30/30 | DE: 20/20 | CAP-2: 55.5 at most',
        rules: [
          {
            id: 'CAP-2',
            name: 'Copies an example of the library',
            atMost: 55.5,
            comment: 'The gallery’s first.',
          },
        ],
      },
    });
  });

  it('rejects, whatever the thresholds', () => {
    const rules = { ...innocent, 'AR-04': { applies: true, comment: 'An empty plane.' } };
    const scored = scoreAnswer(rubric, { ...good, rules });

    expect(scored).toMatchObject({
      scores: { score: 0, breakdown: 'VQ: 30/30 | DE: 20/20 | AR-04: rejected' },
    });
    if (scored.kind !== 'scored') throw new Error('it was scored');
    expect(verdictOf(scored.scores, { accept: 0, reject: 0 })).toBe('REJECTED');
  });

  it('is answered, or the answer is no good', () => {
    const unanswered = { ...good, rules: { 'CAP-2': innocent['CAP-2'], 'CAP-1': innocent['CAP-2'] } };

    expect(scoreAnswer(rubric, unanswered)).toEqual({
      kind: 'malformed',
      problems: ['rule AR-04 is missing', '"CAP-1" is no rule of the rubric for you to decide'],
    });
  });
});

it('a cap on points is decided by the points', () => {
  const poor = { ...good, ...answerWith({ vq1: 9, vq2: 10, de1: 20 }) };

  expect(scoreAnswer(rubric, poor)).toMatchObject({
    scores: {
      score: 60,
      rules: [{ id: 'CAP-1', name: 'Illegible', atMost: 60, comment: 'VQ-01 has 9 of 20, fewer than 10' }],
    },
  });
  expect(scoreAnswer(rubric, good)).toMatchObject({ scores: { score: 100, rules: [] } });
});

describe('a rejection by code', () => {
  it('is none where everything is there', async () => {
    const place = await open({ 'plot.svg': drawing('<circle cx="9" cy="9" r="5"/>') });

    expect(await rejectedByFiles(rubric, ruled(place))).toEqual([]);
  });

  it.each([
    [
      'a missing source',
      { source: null, plot: drawing('<circle r="9"/>') },
      'AR-01',
      'src/altair.py is not there',
    ],
    ['a small picture', { source: 'x', plot: '<svg/>' }, 'AR-02', 'plot.svg has 6 bytes, fewer than 60'],
    [
      'a blank picture',
      { source: 'x', plot: drawing('<rect width="99" height="99" fill="red"/>') },
      'AR-03',
      'plot.svg is blank',
    ],
  ])('says what it found: %s', async (_name, { source, plot }, id, comment) => {
    const place = await open({ 'plot.svg': plot }, source);

    expect((await rejectedByFiles(rubric, ruled(place)))[0]).toMatchObject({ id, atMost: 0, comment });
  });

  it('takes no link for the file', async () => {
    const place = await open({}, null);
    await symlink('/etc/hostname', path.join(place.artifacts, 'plot.svg'));

    const found = await rejectedByFiles(rubric, ruled(place));

    expect(found.map(({ id }) => id)).toEqual(['AR-01', 'AR-02', 'AR-03']);
  });

  it('is a review without points: score 0, rejected', () => {
    const rule = { id: 'AR-01', name: 'No source', atMost: 0, comment: 'a.py is not there' };

    expect(rejection([rule])).toEqual({
      ...{ score: 0, verdict: 'REJECTED', breakdown: 'AR-01: rejected', categories: [], rules: [rule] },
      ...{ description: '', strengths: [], weaknesses: ['No source: a.py is not there'] },
    });
  });
});

it('a rubric whose rules make no sense is refused with the places', () => {
  const text = `${rubricText}caps:
  - { id: VQ-01, name: x, atMost: 101 }
  - { id: CAP-1, name: x, atMost: 9, when: { item: XX-01, below: 1 } }
  - { id: CAP-2, name: x, atMost: 9, when: { item: VQ-01, below: 21 } }
reject:
  - { id: AR-1, name: x, missing: a, blank: b }
`;

  expect(() => parseRubric(text, 'rubric.yaml')).toThrow(
    /rubric\.yaml:17:35: caps\[0\]\.atMost.*\n.*reject\[0\]: is decided by one of/,
  );
  expect(() => parseRubric(text.replace('101', '100').replace(', blank: b', ''), 'rubric.yaml')).toThrow(
    [
      'rubric.yaml:17:11: caps[0].id: VQ-01 is there twice',
      'rubric.yaml:18:52: caps[1].when.item: XX-01 is no item of a category',
      'rubric.yaml:19:66: caps[2].when.below: is above the maximum, 20',
    ].join('\n'),
  );
});

function withRules(rules: string): Rubric {
  return parseRubric(`${rubricText}${rules}`, 'rubric.yaml');
}

function drawing(inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">${inner}</svg>`;
}

async function open(
  artifacts: Readonly<Record<string, string>>,
  source: string | null = 'draw()',
): Promise<TestPlace> {
  const place = await makePlace(source === null ? {} : { 'src/altair.py': source });
  places.push(place);
  await mkdir(place.artifacts, { recursive: true });
  for (const [name, text] of Object.entries(artifacts))
    await writeFile(path.join(place.artifacts, name), text);
  return place;
}

function ruled({ artifacts, cwd }: TestPlace) {
  return { artifacts, cwd, values: { target: 'scatter-basic', item: 'altair' } };
}
