import { expect, it } from 'vitest';
import { routing } from '../../src/model/config-routing.js';
import type { RouteSettings } from '../../src/model/route.js';

it('works without a word', () => {
  const settings: RouteSettings = routing.parse({});

  expect(settings).toEqual({
    models: ['haiku', 'sonnet', 'opus'],
    below: 0.35,
    above: 0.65,
    classify: 'grey',
    classifier: 'haiku',
    weights: {},
  });
});

it('asks the first model of those that are named, or the one that is named for it', () => {
  expect(routing.parse({ models: ['sonnet', 'opus'] }).classifier).toBe('sonnet');
  expect(routing.parse({ models: ['sonnet'], classifier: 'haiku' }).classifier).toBe('haiku');
});

it.each([
  [{ below: 0.7, above: 0.5 }, ['below'], '0.7 is more than above, 0.5; write 0.5 or less'],
  [{ above: 0.2 }, ['below'], '0.35 is more than above, 0.2; write 0.2 or less'],
  [{ models: ['haiku', 'opus', 'haiku'] }, ['models', 2], '"haiku" is there twice; name each model once'],
  [{ models: [] }, ['models'], expect.any(String)],
  [{ above: 1.5 }, ['above'], expect.any(String)],
  [{ weights: { size: -1 } }, ['weights', 'size'], expect.any(String)],
  [{ weights: { words: 1 } }, ['weights'], expect.any(String)],
  [{ classify: 'sometimes' }, ['classify'], expect.any(String)],
])('refuses %j', (given, path, message: unknown) => {
  const parsed = routing.safeParse(given);

  expect(parsed.error?.issues.map((issue) => ({ path: issue.path, message: issue.message }))).toEqual([
    { path, message },
  ]);
});
