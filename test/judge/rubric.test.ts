import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { parseRubric, readRubric } from '../../src/judge/rubric.js';
import type { BaseTree } from '../../src/model/base-tree.js';
import { rubric, rubricText } from '../support/rubric.js';

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
    ['an empty file', '', 'rubric.yaml:1:1: '],
    ['a key that is not known', 'weights: 1\n', 'rubric.yaml:1:1: '],
  ])('with %s is a config error that says where', (_what, text, message) => {
    expect(problemOf(() => parseRubric(text, 'rubric.yaml'))).toMatchObject({
      code: 'config',
      message: expect.stringContaining(message) as string,
    });
  });

  it('that is not in the base is a config error that names it', async () => {
    const tree: BaseTree = {
      sha: '1f3c9ab0e4d2c5b6a7988796a5b4c3d2e1f00112',
      entries: () => Promise.resolve([]),
      read: (paths, each) => {
        for (const path of paths) each(path, null);
        return Promise.resolve();
      },
      history: () => Promise.resolve(),
      isShallow: () => Promise.resolve(false),
    };

    const reading = readRubric('prompts/rubric.yaml', tree, new AbortController().signal);

    await expect(reading).rejects.toMatchObject({
      code: 'config',
      message: 'evaluate.rubric names prompts/rubric.yaml, which is not in the base (1f3c9ab)',
    });
  });
});

function problemOf(act: () => unknown): RegenError {
  try {
    act();
  } catch (error) {
    if (error instanceof RegenError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
