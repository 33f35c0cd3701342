import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditFindings, CopyCluster } from '../../src/step/audit-station.js';
import { auditOf } from './repository.js';

const secret = 'abcdef0123456789-not-for-anybody';

const audit = auditOf({}, { GITHUB_TOKEN: secret });

const findings: AuditFindings = {
  ...{ target: 'bar-basic', dictated: [] },
  clusters: [
    cluster('C1', ['altair', 'bokeh', 'plotly'], ['altair', 'bokeh']),
    cluster('C2', ['altair', 'bokeh']),
  ],
};

const no = { id: 'C2', isCopy: false, items: [], request: '' };

const yes = {
  id: 'C1',
  isCopy: true,
  items: ['plotly', 'bokeh'],
  request: 'the data equals plotly’s; choose another field.',
};

describe('an answer', () => {
  it('comes to one request for each copy, to the later one that is to be done', () => {
    expect(judge([yes, no])).toEqual({
      kind: 'judged',
      requests: [{ item: 'bokeh', text: 'the data equals plotly’s; choose another field.' }],
      warnings: [],
    });
    expect(judge([{ ...yes, items: ['altair', 'plotly'] }, no])).toMatchObject({
      requests: [{ item: 'altair' }],
    });
  });

  it('keeps two requests to one item only where they differ', () => {
    const both = { ...no, isCopy: true, items: ['altair', 'bokeh'] };

    expect(judge([yes, { ...both, request: yes.request }])).toMatchObject({ requests: [{ item: 'bokeh' }] });
    expect(judge([yes, { ...both, request: 'the story equals altair’s.' }])).toMatchObject({
      requests: [{ item: 'bokeh' }, { item: 'bokeh', text: 'the story equals altair’s.' }],
    });
  });

  it.each<[string, unknown[], string[], number]>([
    ['an unknown cluster', [yes, no, { ...yes, id: 'C9' }], ['"C9" is no cluster: the entry was dropped'], 1],
    [
      'a second answer',
      [yes, no, { ...no, isCopy: true }],
      ['C2 was answered twice: the first answer counts'],
      1,
    ],
    [
      'a stray item',
      [{ ...yes, items: ['plotly', 'bokeh', 'ggplot'] }, no],
      ['C1 has no item "ggplot": it was left out'],
      1,
    ],
    [
      'a copy of one',
      [{ ...yes, items: ['bokeh', 'bokeh', 'x'] }, no],
      ['C1 has no item "x": it was left out', 'C1 names fewer than two items that copy: it was dropped'],
      0,
    ],
    ['no request', [{ ...yes, request: ' \n\u200b' }, no], ['C1 comes without a request: it was dropped'], 0],
    [
      'a story',
      [{ ...yes, request: 'It is equal. Choose another. And another.' }, no],
      ['C1: the request was longer than a sentence and was cut'],
      1,
    ],
  ])('loses %s with a warning', (_, entries, warnings, count) => {
    const judgement = judge(entries);

    expect(judgement).toMatchObject({ kind: 'judged', warnings });
    expect(judgement.kind === 'judged' && judgement.requests).toHaveLength(count);
  });

  it('asks nobody where none of the copies is to be done', () => {
    const skipped = { ...findings, clusters: [cluster('C1', ['altair', 'bokeh', 'plotly'], ['altair'])] };

    expect(audit.judge(skipped, { clusters: [yes] })).toEqual({
      ...{ kind: 'judged', requests: [] },
      warnings: ['C1: bokeh and plotly copy, but none of them is to be done: it was dropped'],
    });
  });

  it.each([
    ['- The data equals plotly’s.\nChoose another field.', 'The data equals plotly’s; Choose another field.'],
    ['a\u202eb\u0007c\u200b d\u{e0041}', 'a b c d'],
    [`it holds ${secret.slice(0, 9)}\u200b${secret.slice(9)} too`, 'it holds *** too'],
    ['y'.repeat(400), `${'y'.repeat(299)}…`],
  ])('is one line of plain text: %j', (request, text) => {
    expect(judge([{ ...yes, request }, no])).toMatchObject({ requests: [{ text }] });
  });

  it.each<[unknown, string[]]>([
    [null, ['there is no structured answer']],
    [{ clusters: [yes] }, ['cluster C2 is missing']],
    [{ clusters: [] }, ['cluster C1 is missing', 'cluster C2 is missing']],
    ['yes', ['answer: Invalid input: expected object, received string']],
    [
      { clusters: [{ ...yes, isCopy: 'yes', items: 'bokeh' }, no] },
      [
        'clusters.0.isCopy: Invalid input: expected boolean, received string',
        'clusters.0.items: Invalid input: expected array, received string',
      ],
    ],
  ])('that can’t be used as a whole has a problem: %j', (answer, problems) => {
    expect(audit.judge(findings, answer)).toEqual({ kind: 'malformed', problems });
  });

  it('never throws, and asks nobody outside of the clusters for anything but a line', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('C1', 'C2', 'altair', 'bokeh', 'plotly', '__proto__'),
    );
    const entry = fc.record({ id: words, isCopy: fc.boolean(), items: fc.array(words), request: words });
    const near = fc.record({
      clusters: fc.array(entry).map((entries) => [...entries, no, yes]),
    });

    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything(), near), (answer) => {
        const judgement = audit.judge(findings, answer);
        const requests = judgement.kind === 'judged' ? judgement.requests : [];

        expect(requests.every(({ item }) => item === 'altair' || item === 'bokeh')).toBe(true);
        expect(
          requests.every(({ text }) => text !== '' && text.length <= 300 && !/[\p{Cc}\p{Cf}]/u.test(text)),
        ).toBe(true);
      }),
    );
  });
});

function judge(clusters: readonly unknown[]) {
  return audit.judge(findings, { clusters });
}

function cluster(id: string, items: readonly string[], todo: readonly string[] = items): CopyCluster {
  return { id, items, todo, later: todo.at(-1) ?? '', files: [], evidence: [] };
}
