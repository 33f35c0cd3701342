import { describe, expect, it } from 'vitest';
import { fieldValue } from '../../src/judge/fields.js';
import { editHeader } from '../../src/judge/header.js';

const values = {
  target: 'scatter-basic',
  item: 'altair',
  model: 'sonnet',
  date: '2026-05-02',
  score: 88,
  breakdown: 'VQ: 30/30 | DE: 13/20',
  parentIssue: '5650',
};
const nothingKnown = { ...values, score: null, breakdown: null, parentIssue: null };

describe('a field of the metadata', () => {
  it.each([
    [
      'https://x.invalid/{target}/{item}/plot-light.png',
      'https://x.invalid/scatter-basic/altair/plot-light.png',
    ],
    ['{score}', 88],
    ['{parentIssue}', 5650],
    ['#{parentIssue} by {model} on {date}, {other}', '#5650 by sonnet on 2026-05-02, {other}'],
    ['3.10', '3.10'],
  ])('%s becomes %j', (template, expected) => {
    expect(fieldValue(template, values)).toBe(expected);
  });

  it('has no value when it names something that there is none of', () => {
    expect([fieldValue('{score}', nothingKnown), fieldValue('see {parentIssue}', nothingKnown)]).toEqual([
      null,
      null,
    ]);
  });
});

describe('the header', () => {
  const rule = { match: '^Quality:.*$', line: 'Quality: {score}/100 | Updated: {date}' };

  it('is the first line that matches, and nothing else', () => {
    const edited = editHeader('"""\r\nQuality: /100\r\nQuality: no\r\n', rule, values);

    expect(edited).toEqual({
      kind: 'edited',
      text: '"""\r\nQuality: 88/100 | Updated: 2026-05-02\r\nQuality: no\r\n',
    });
  });

  it('is put in literally', () => {
    const edited = editHeader('a\nQuality: x', { ...rule, line: "$& $1 $' {item}" }, values);

    expect(edited).toEqual({ kind: 'edited', text: "a\n$& $1 $' altair" });
  });

  it('is refused when nothing matches, or when there is no score to write', () => {
    expect(editHeader('# none\n', rule, values)).toEqual({
      kind: 'refused',
      reason: 'nothing matches ^Quality:.*$',
    });
    expect(editHeader('Quality: 1', rule, nothingKnown)).toEqual({
      kind: 'refused',
      reason: '{score} has no value',
    });
  });
});
