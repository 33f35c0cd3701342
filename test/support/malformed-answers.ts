/** Answers to the small rubric, each with one flaw that makes it unusable. */
import fc from 'fast-check';
import { answerWith } from './rubric.js';

const sound = answerWith({ vq1: 20, vq2: 10, de1: 16 });
const ids = ['VQ-01', 'VQ-02', 'DE-01'] as const;
const anyId = fc.constantFrom(...ids);

const noScore = fc.oneof(
  fc.constantFrom(null, undefined, NaN, Infinity, -Infinity, '20', true),
  fc.array(fc.integer()),
  fc.double({ min: 20.001, noNaN: true }),
  fc.double({ max: -0.001, noNaN: true }),
);

/** What no evaluation may ever be made from. */
export const malformedAnswers: fc.Arbitrary<unknown> = fc.oneof(
  fc.tuple(anyId, noScore).map(([id, score]) => withCriterion(id, { ...sound.criteria[id], score })),
  anyId.map((id) => withoutCriterion(id)),
  fc
    .tuple(anyId, fc.constantFrom('passed', 'comment', 'score'))
    .map(([id, key]) => withCriterion(id, without(sound.criteria[id], key))),
  fc.constantFrom('criteria', 'description', 'strengths', 'weaknesses').map((key) => without(sound, key)),
  fc
    .tuple(fc.constantFrom('description', 'strengths', 'weaknesses'), fc.constantFrom(null, 7, [1], {}))
    .map(([key, value]) => ({ ...sound, [key]: value })),
  fc
    .constantFrom('total', 'vq-01', 'constructor', 'VQ-03', '')
    .map((id) => withCriterion(id, sound.criteria['VQ-01'])),
  fc.constantFrom('score', 'verdict', 'total', 'review').map((key) => ({ ...sound, [key]: 100 })),
  fc
    .tuple(fc.constantFrom('VQ', 'DE', 'XX'), fc.integer({ min: 31, max: 100 }))
    .map(([id, sum]) => ({ ...sound, subtotals: { [id]: sum } })),
  fc.constantFrom(null, [], {}, '', 'APPROVED', 100, true, [sound], { answer: sound }),
  fc.jsonValue(),
);

function withCriterion(id: string, criterion: unknown) {
  return { ...sound, criteria: { ...sound.criteria, [id]: criterion } };
}

function withoutCriterion(id: string) {
  return { ...sound, criteria: without(sound.criteria, id) };
}

function without(data: object, key: string) {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== key));
}
