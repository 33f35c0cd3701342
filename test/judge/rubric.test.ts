import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { parseRubric, readRubric } from '../../src/judge/rubric.js';
import { baseTreeOf } from '../support/base-tree.js';
import { rubric, rubricText } from '../support/rubric.js';

const bomb = ['x', '*a', '*b', '*c']
  .map(
    (one, depth) => `${'abcd'.charAt(depth)}: &${'abcd'.charAt(depth)} [${Array(10).fill(one).join(', ')}]\n`,
  )
  .join('');

describe('a rubric', () => {
  it('is read with its anchors', () => {
    expect(parseRubric(rubricText, 'rubric.yaml')).toEqual(rubric);
  });

  it.each([
    [
      'a category that is not the sum of its items',
      rubricText.replace('max: 30', 'max: 31'),
      'rubric.yaml:4:10: categories[0].max: is 31, but its items add up to 30',
    ],
    [
      'an id that is there twice',
      rubricText.replace('VQ-02', 'VQ-01'),
      'rubric.yaml:10:15: categories[0].items[1].id: VQ-01 is there twice',
    ],
    [
      'an anchor above the maximum',
      rubricText.replace('{ 20: every', '{ 21: every'),
      'rubric.yaml:9:24: categories[0].items[0].anchors.21: is above the maximum, 20',
    ],
    [
      'an id that no answer can have as a key',
      rubricText.replace('DE-01', 'DE 01'),
      'rubric.yaml:15:15: categories[1].items[0].id: must be letters, digits, "." and "-"',
    ],
    [
      'a maximum of nothing',
      rubricText.replace('name: No overlap, max: 10', 'name: No overlap, max: 0'),
      'rubric.yaml:10:45: categories[0].items[1].max: must be above 0',
    ],
    ['text that is no YAML', 'categories: [', 'rubric.yaml:1:14: '],
    ['an empty file', '', 'rubric.yaml:1:1: is empty; it needs categories'],
    ['a file of comments', '# later\n---\n', 'rubric.yaml:1:1: is empty; it needs categories'],
    ['a list', '- a\n', 'rubric.yaml:1:1: holds no mapping of keys; it needs categories'],
    ['a key that is not known', 'weights: 1\n', 'rubric.yaml:1:1: '],
    [
      'a maximum that sums can’t be made of',
      rubricText.replaceAll('max: 20', 'max: 1e308'),
      'rubric.yaml:8:14: categories[0].items[0].max: must be at most 1000000',
    ],
    [
      'an anchor of no score',
      rubricText.replace('{ 20: every', '{ most: every'),
      'rubric.yaml:9:26: categories[0].items[0].anchors.most: must be a score, such as 5 or 7.5',
    ],
    [
      'an alias without its anchor',
      rubricText.replace('Visual Quality', '*.md'),
      'rubric.yaml:3:11: "*.md" is read as a reference to an anchor that is not there',
    ],
    ['aliases that multiply', bomb, 'rubric.yaml:2:8: its aliases stand for far more than is written'],
    [
      'a file outside of the repository',
      ruled('missing: ../../../regen.yaml'),
      'rubric.yaml:17:39: reject[0].missing: "../../../regen.yaml" leads out of the repository',
    ],
    [
      'an absolute file',
      ruled('blank: /plot.png'),
      'rubric.yaml:17:37: reject[0].blank: "/plot.png" is absolute; write it relative to the repository',
    ],
    [
      'a file of empty folders',
      ruled('small: { file: a//plot.png, bytes: 9 }'),
      'rubric.yaml:17:45: reject[0].small.file: "a//plot.png" is not how git writes a path',
    ],
    [
      'a file that is named by what nobody knows',
      ruled('missing: "{score}-{item}.png"'),
      'rubric.yaml:17:39: reject[0].missing: "{score}-{item}.png" names {score}; only {target} and {item} are filled in',
    ],
  ])('with %s is a config error that says where', (_what, text, message) => {
    expect(problemOf(() => parseRubric(text, 'rubric.yaml'))).toMatchObject({
      code: 'config',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each(['{target}/{item}.png', 'a.{b-c}/..d/{ x }.png'])('may name the file %s', (file) => {
    expect(parseRubric(ruled(`missing: '${file}'`), 'rubric.yaml').reject[0]?.missing).toBe(file);
  });

  it('tells the first of many breaks, and how many more there are', () => {
    const text = rubricText.replace('  - id: VQ', '\t- id: VQ');

    const { message } = problemOf(() => parseRubric(text, 'rubric.yaml'));

    expect(message.split('\n').map((line) => line.replace(/\d+ more/, 'N more'))).toEqual([
      'rubric.yaml:2:1: Tabs are not allowed as indentation',
      expect.stringMatching(/^rubric\.yaml:2:8: /),
      expect.stringMatching(/^rubric\.yaml:2:8: /),
      'and N more',
    ]);
  });

  it('that is not in the base is a config error that names it', async () => {
    const reading = readRubric('prompts/rubric.yaml', baseTreeOf({}), new AbortController().signal);

    await expect(reading).rejects.toMatchObject({
      code: 'config',
      message: 'evaluate.rubric names prompts/rubric.yaml, which is not in the base (1f3c9ab)',
    });
  });
});

/** The rubric with a rule on line 17 that code decides. */
function ruled(by: string): string {
  return `${rubricText}reject:\n  - { id: R1, name: Missing, ${by} }\n`;
}

function problemOf(act: () => unknown): RegenError {
  try {
    act();
  } catch (error) {
    if (error instanceof RegenError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
