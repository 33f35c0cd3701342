import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerJsonSchema } from '../../src/judge/answer-schema.js';
import { scoreAnswer, verdictOf } from '../../src/judge/score.js';
import { answerWith, evaluation, rubric } from '../support/rubric.js';

const sound = answerWith({ vq1: 20, vq2: 10, de1: 13 });

describe('scoring an answer', () => {
  it('adds up by code: items to categories, categories to a whole number of 100', () => {
    const { score, breakdown, categories, description, strengths, weaknesses } = evaluation;

    expect(scoreAnswer(rubric, sound)).toEqual({
      kind: 'scored',
      scores: { score, breakdown, categories, rules: [], description, strengths, weaknesses },
    });
  });

  it('rounds down, so that no threshold is reached by rounding', () => {
    const scored = scoreAnswer(rubric, answerWith({ vq1: 20, vq2: 10, de1: 14.9 }));

    expect(scored).toMatchObject({ scores: { score: 89, breakdown: 'VQ: 30/30 | DE: 14.9/20' } });
  });

  it('loses nothing to binary tenths', () => {
    const tenths = { ...rubric, categories: [{ id: 'T', name: 'Tenths', max: 0.3, items: items(0.1, 0.2) }] };

    expect(scoreAnswer(tenths, { ...sound, criteria: { I0: full(0.1), I1: full(0.2) } })).toMatchObject({
      scores: { score: 100, breakdown: 'T: 0.3/0.3' },
    });
  });

  it('comes to 100 for perfect work and never to more, however small the maxima are', () => {
    const thirds = [0.333, 0.333, 0.334].map((max, index) => ({
      ...{ id: `C${index}`, name: 'C', max, items: [{ id: `I${index}`, name: 'I', max, anchors: {} }] },
    }));
    const eighths = Array.from({ length: 8 }, (_, index) => ({
      ...{ id: `C${index}`, name: 'C', max: 0.125 },
      items: [{ id: `I${index}`, name: 'I', max: 0.125, anchors: {} }],
    }));
    const perfect = (categories: typeof thirds) => ({
      ...sound,
      criteria: Object.fromEntries(
        categories.flatMap(({ items: all }) => all.map(({ id, max }) => [id, full(max)])),
      ),
    });

    for (const categories of [thirds, eighths]) {
      expect(scoreAnswer({ ...rubric, categories }, perfect(categories))).toMatchObject({
        scores: { score: 100 },
      });
    }
  });

  it('keeps small subtotals apart, and as they are', () => {
    const category = { id: 'K', name: 'K', max: 0.002, items: items(0.001, 0.001) };
    const answer = { ...sound, criteria: { I0: full(0.001), I1: full(0.001) } };

    expect(scoreAnswer({ ...rubric, categories: [category] }, answer)).toMatchObject({
      scores: { score: 100, breakdown: 'K: 0.002/0.002' },
    });
    expect(
      scoreAnswer({ ...rubric, categories: [category] }, { ...answer, subtotals: { K: 0.0001 } }),
    ).toEqual({
      kind: 'malformed',
      problems: ['K: the subtotal is 0.0001, but its criteria add up to 0.002'],
    });
  });

  it.each([
    ['nothing', null, ['there is no structured answer']],
    ['a missing criterion', without('VQ-02'), ['VQ-02 is missing']],
    [
      'a score above its maximum',
      answerWith({ vq1: 21, vq2: 10, de1: 0 }),
      ['VQ-01: the score is 21, it goes from 0 to 20'],
    ],
    [
      'a score below 0',
      answerWith({ vq1: -1, vq2: 10, de1: 0 }),
      ['VQ-01: the score is -1, it goes from 0 to 20'],
    ],
    [
      'an unknown criterion',
      { ...sound, criteria: { ...sound.criteria, total: full(100) } },
      ['"total" is no criterion of the rubric'],
    ],
  ])('has no number for %s', (_what, answer, problems) => {
    expect(scoreAnswer(rubric, answer)).toEqual({ kind: 'malformed', problems });
  });

  it('has no number for an answer with any one flaw, whatever it is', () => {
    const notANumber = fc.oneof(
      fc.constantFrom(null, undefined, NaN, Infinity, -Infinity),
      fc.string(),
      fc.boolean(),
      fc.array(fc.integer()),
      fc.double({ min: 20.001, noNaN: true }),
      fc.double({ max: -0.001, noNaN: true }),
    );
    const flawed = fc.oneof(
      notANumber.map((score) => withCriterion('VQ-01', { score, passed: true, comment: '' })),
      fc.constantFrom('VQ-01', 'VQ-02', 'DE-01').map(without),
      fc
        .constantFrom('criteria', 'description', 'strengths', 'weaknesses')
        .map((key) => ({ ...sound, [key]: undefined })),
      fc
        .string({ minLength: 1 })
        .filter((id) => !(id in sound.criteria) && id !== '__proto__')
        .map((id) => withCriterion(id, full(1))),
      fc
        .constantFrom('passed', 'comment', 'score')
        .map((key) => withCriterion('DE-01', { ...full(3), [key]: {} })),
      fc
        .anything()
        .filter((value) => !Array.isArray(value))
        .map((value) => ({ ...sound, strengths: value })),
    );

    fc.assert(
      fc.property(flawed, (answer) => {
        expect(scoreAnswer(rubric, answer)).toEqual({
          kind: 'malformed',
          problems: expect.any(Array) as string[],
        });
      }),
      { numRuns: 300 },
    );
  });

  it('has no number for what is no answer at all', () => {
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        expect(scoreAnswer(rubric, answer).kind).toBe('malformed');
      }),
    );
  });

  it('scores every sound answer between 0 and 100, in step with its points', () => {
    const points = fc.record({
      vq1: fc.integer({ min: 0, max: 20 }),
      vq2: fc.integer({ min: 0, max: 10 }),
      de1: fc.integer({ min: 0, max: 20 }),
    });

    fc.assert(
      fc.property(points, ({ vq1, vq2, de1 }) => {
        expect(scoreAnswer(rubric, answerWith({ vq1, vq2, de1 }))).toMatchObject({
          kind: 'scored',
          scores: { score: 2 * (vq1 + vq2 + de1), breakdown: `VQ: ${vq1 + vq2}/30 | DE: ${de1}/20` },
        });
      }),
    );
  });
});

describe('the verdict', () => {
  it.each([
    [90, 'APPROVED'],
    [89, 'NEEDS_WORK'],
    [50, 'NEEDS_WORK'],
    [49, 'REJECTED'],
  ])('of %d is %s', (score, verdict) => {
    expect(verdictOf({ score, rules: [] }, { accept: 90, reject: 50 })).toBe(verdict);
  });
});

describe('the schema of the answer', () => {
  it('asks for every criterion by its id, and leaves what is missing or too much to the code', () => {
    expect(answerJsonSchema(rubric)).toMatchObject({
      required: ['criteria', 'description', 'strengths', 'weaknesses'],
      properties: {
        criteria: {
          properties: {
            'VQ-01': { properties: { score: { type: 'number', description: 'Legibility: 0 to 20' } } },
            'VQ-02': { required: ['score', 'passed', 'comment'] },
            'DE-01': { additionalProperties: false },
          },
        },
      },
    });
  });
});

function items(...maxima: readonly number[]) {
  return maxima.map((max, index) => ({ id: `I${index}`, name: `Item ${index}`, max, anchors: {} }));
}

function full(score: number) {
  return { score, passed: true, comment: 'Fine.' };
}

function withCriterion(id: string, value: unknown) {
  return { ...sound, criteria: { ...sound.criteria, [id]: value } };
}

function without(id: string) {
  return {
    ...sound,
    criteria: Object.fromEntries(Object.entries(sound.criteria).filter(([key]) => key !== id)),
  };
}
