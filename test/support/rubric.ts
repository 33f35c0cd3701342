/** A small rubric for tests, answers to it, and what one of them comes to. */
import type { Rubric } from '../../src/model/rubric.js';
import type { Evaluation } from '../../src/model/verdict.js';

export const rubricText = `categories:
  - id: VQ
    name: Visual Quality
    max: 30
    items:
      - id: VQ-01
        name: Legibility
        max: 20
        anchors: { 20: every word can be read, 5: half of the words }
      - { id: VQ-02, name: No overlap, max: 10 }
  - id: DE
    name: Design
    max: 20
    items:
      - { id: DE-01, name: Restraint, max: 20 }
`;

export const rubric: Rubric = {
  categories: [
    {
      id: 'VQ',
      name: 'Visual Quality',
      max: 30,
      items: [
        {
          id: 'VQ-01',
          name: 'Legibility',
          max: 20,
          anchors: { 20: 'every word can be read', 5: 'half of the words' },
        },
        { id: 'VQ-02', name: 'No overlap', max: 10, anchors: {} },
      ],
    },
    {
      id: 'DE',
      name: 'Design',
      max: 20,
      items: [{ id: 'DE-01', name: 'Restraint', max: 20, anchors: {} }],
    },
  ],
  caps: [],
  reject: [],
};

/** A sound answer with these points. */
export function answerWith(points: { readonly vq1: number; readonly vq2: number; readonly de1: number }) {
  const criterion = (score: number, max: number) => ({
    score,
    passed: score === max,
    comment: score === max ? 'Nothing to mend.' : `Lost ${max - score}.`,
  });
  return {
    criteria: {
      'VQ-01': criterion(points.vq1, 20),
      'VQ-02': criterion(points.vq2, 10),
      'DE-01': criterion(points.de1, 20),
    },
    description: 'A picture on white.',
    strengths: ['Clear axes.'],
    weaknesses: ['Too many colors.'],
  };
}

/** What 20, 10 and 13 points come to, of 50. */
export const evaluation: Evaluation = {
  rules: [],
  score: 86,
  verdict: 'NEEDS_WORK',
  breakdown: 'VQ: 30/30 | DE: 13/20',
  categories: [
    {
      id: 'VQ',
      name: 'Visual Quality',
      score: 30,
      max: 30,
      items: [
        { id: 'VQ-01', name: 'Legibility', score: 20, max: 20, passed: true, comment: 'Nothing to mend.' },
        { id: 'VQ-02', name: 'No overlap', score: 10, max: 10, passed: true, comment: 'Nothing to mend.' },
      ],
    },
    {
      id: 'DE',
      name: 'Design',
      score: 13,
      max: 20,
      items: [{ id: 'DE-01', name: 'Restraint', score: 13, max: 20, passed: false, comment: 'Lost 7.' }],
    },
  ],
  description: 'A picture on white.',
  strengths: ['Clear axes.'],
  weaknesses: ['Too many colors.'],
};
