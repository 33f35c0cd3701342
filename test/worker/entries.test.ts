import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerSchema, readEntries } from '../../src/worker/entries.js';

const whole = (structured: unknown) => readEntries({ structured, cut: null });
const cut = (text: string) => readEntries({ structured: null, cut: text });

const snares = fc.constantFrom('{', '}', '[', ']', '"', '\\', '\\"', '\\\\', '\n', ',', ':', '{"id":"9"}');
const anyText = fc
  .array(fc.oneof(snares, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 6 })
  .map((parts) => parts.join(''));
const anyEntry = fc.record({ id: anyText, result: fc.option(anyText) });
/** How a model may set the same JSON. */
const anySetting = fc.record({
  indent: fc.constantFrom(0, 2),
  between: fc.constantFrom(',', ', ', ',\n  '),
  isResultFirst: fc.boolean(),
});

describe('a whole answer', () => {
  it('gives its entries as they stand, also when it has none', () => {
    const results = [
      { id: '1', result: 'One.' },
      { id: '2', result: null },
    ];

    expect(whole({ results })).toEqual({ kind: 'answered', results });
    expect(whole({ results: [] })).toEqual({ kind: 'answered', results: [] });
  });

  it('may call an item by a number', () => {
    expect(whole({ results: [{ id: 7, result: 'x' }] })).toEqual({
      kind: 'answered',
      results: [{ id: '7', result: 'x' }],
    });
  });

  it('keeps what is no text: whoever settles it says so', () => {
    const results = [{ id: '1', result: ['x'] }];

    expect(whole({ results })).toEqual({ kind: 'answered', results });
  });

  it('loses only the entries that say nothing of an item', () => {
    expect(whole({ results: ['x', null, { result: 'x' }, { id: '1', result: 'y' }] })).toEqual({
      kind: 'answered',
      results: [{ id: '1', result: 'y' }],
    });
  });

  it.each([
    ['another shape', { answers: [] }, 'the answer is no list of results'],
    ['a list by itself', [{ id: '1', result: 'x' }], 'the answer is no list of results'],
    ['a list that is none', { results: { 1: 'x' } }, 'the answer is no list of results'],
    ['nothing', null, 'the answer is no list of results'],
    ['entries of no item', { results: ['x', { result: 'x' }] }, 'the answer has no results'],
  ])('can’t be used when it is %s', (_what, structured, reason) => {
    expect(whole(structured)).toEqual({ kind: 'unusable', reason });
  });
});

describe('an answer that was cut off', () => {
  it('gives exactly the entries that were complete, wherever it was cut and whatever they hold', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 5 }), anySetting, place, (entries, setting, share) => {
        const { text, ends } = written(entries, setting);
        const length = Math.round(share * text.length);

        const complete = entries.filter((_, index) => (ends[index] ?? Infinity) <= length);
        expect(cut(text.slice(0, length))).toEqual(
          complete.length === 0
            ? { kind: 'unusable', reason: 'the answer has no results' }
            : { kind: 'answered', results: complete },
        );
      }),
      { numRuns: 500 },
    );
  });

  it('has no entry in prose', () => {
    expect(cut('I would write {"id":"1"} [and so on]')).toMatchObject({ kind: 'unusable' });
    expect(cut('')).toMatchObject({ kind: 'unusable' });
  });
});

it('the schema of every answer allows a result to be left as it is, and nothing else beside it', () => {
  expect(answerSchema).toMatchObject({
    properties: {
      results: {
        items: {
          properties: { id: { type: 'string' }, result: { type: ['string', 'null'] } },
          required: ['id', 'result'],
          additionalProperties: false,
        },
      },
    },
    required: ['results'],
    additionalProperties: false,
  });
});

interface Setting {
  readonly indent: number;
  readonly between: string;
  readonly isResultFirst: boolean;
}

/** The JSON, and behind which character of it each entry ends. */
function written(
  entries: readonly { readonly id: string; readonly result: string | null }[],
  { indent, between, isResultFirst }: Setting,
) {
  const ends: number[] = [];
  let text = '{"results": [';
  for (const [index, { id, result }] of entries.entries()) {
    const entry = isResultFirst ? { result, id } : { id, result };
    text += `${index === 0 ? '' : between}${JSON.stringify(entry, null, indent)}`;
    ends.push(text.length);
  }
  return { text: `${text}]}`, ends };
}
