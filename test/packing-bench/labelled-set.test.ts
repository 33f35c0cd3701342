import { describe, expect, it } from 'vitest';
import { readLabelledSet } from '../../src/packing-bench/labelled-set.js';
import { refusalOf } from './cells.js';

const one = '{"id":"a","text":"Draws a line.","expected":"good"}';

describe('the labelled set', () => {
  it('has an entry per line, with one label or several', () => {
    const set = readLabelledSet(
      `\uFEFF${one}\r\n\n{"id":"b","text":"x","kind":"table","accept":["yes",1,true]}\n`,
      'labels.jsonl',
    );

    expect(set).toEqual({
      file: 'labels.jsonl',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      items: 2,
      entries: [
        { id: 'a', text: 'Draws a line.', kind: null, accept: ['good'] },
        { id: 'b', text: 'x', kind: 'table', accept: ['yes', '1', 'true'] },
      ],
    });
  });

  it('has the same hash however it is laid out, and another for other content', () => {
    const hash = (content: string): string => readLabelledSet(content, 'a file').hash;
    const other = '{"id":"b","text":"x","expected":""}';

    expect(hash(`\n{ "text": "Draws a line.", "accept": ["good"], "id": "a" }\r\n`)).toBe(hash(one));
    expect(hash(`${one}\n${other}`)).not.toBe(hash(one));
    expect(hash(`${one}\n${other}`)).not.toBe(hash(`${other}\n${one}`));
  });

  it.each([
    ['id,text\n', 'labels.jsonl:1: is no JSON: id,text'],
    ['[]', 'labels.jsonl:1: is no object'],
    [
      `${one}\n\n{"id":5,"text":""}`,
      'labels.jsonl:3: "id" is 5, but must be text; "text" is "", but must not be empty',
    ],
    ['{"text":"x","expected":"y"}', 'labels.jsonl:1: has no "id"'],
    ['{"id":"a","text":"x"}', 'labels.jsonl:1: has neither "expected" nor "accept"; it needs one of the two'],
    [
      '{"id":"a","text":"x","expected":"y","accept":["z"]}',
      'labels.jsonl:1: has "expected" and "accept"; it needs one of the two',
    ],
    [
      '{"id":"a","text":"x","expected":{"label":"y"}}',
      'labels.jsonl:1: "expected" is {"label":"y"}, but must be text, a number, true or false',
    ],
    ['{"id":"a","text":"x","accept":[]}', 'labels.jsonl:1: "accept" is [], but must have one label at least'],
    [
      '{"id":"a","text":"x","expect":"y","expected":"y"}',
      'labels.jsonl:1: has "expect", which no entry has (id, text, kind, expected, accept)',
    ],
    [`${one}\n${one}`, 'labels.jsonl:2: repeats the id "a" of line 1'],
    ['\n \n', 'labels.jsonl has no entry'],
  ])('refuses %j', (content, message) => {
    const error = refusalOf(() => readLabelledSet(content, 'labels.jsonl'));

    expect(error).toMatchObject({ code: 'usage', message });
    expect(error.hint).not.toBeNull();
  });
});
