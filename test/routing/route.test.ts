import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RouteSettings } from '../../src/model/route.js';
import { modelOfClass } from '../../src/routing/classes.js';
import { routeOf } from '../../src/routing/route.js';
import { settings } from './any-facts.js';

describe('the model of an item', () => {
  it('is the first below the grey band and the last above it', () => {
    expect(routeOf({ score: 0.34, failures: 0 }, settings)).toEqual({
      kind: 'model',
      model: 'haiku',
      why: 'the score 0.34 is below 0.35',
    });
    expect(routeOf({ score: 0.66, failures: 0 }, settings)).toEqual({
      kind: 'model',
      model: 'opus',
      why: 'the score 0.66 is above 0.65',
    });
  });

  it('is asked for in the grey band, its edges included', () => {
    const why = (score: string) => `the score ${score} is between 0.35 and 0.65`;

    expect(routeOf({ score: 0.35, failures: 0 }, settings)).toEqual({ kind: 'classify', why: why('0.35') });
    expect(routeOf({ score: 0.65, failures: 0 }, settings)).toEqual({ kind: 'classify', why: why('0.65') });
  });

  it('is asked for always, or never, as the settings want it', () => {
    expect(routeOf({ score: 0, failures: 0 }, { ...settings, classify: 'always' })).toEqual({
      kind: 'classify',
      why: 'the score 0.00 is below 0.35; every item is asked about',
    });
    expect(routeOf({ score: 0.5, failures: 0 }, { ...settings, classify: 'never' })).toEqual({
      kind: 'model',
      model: 'sonnet',
      why: 'the score 0.50 is between 0.35 and 0.65',
    });
  });

  it('isn’t asked for where there is no choice', () => {
    const one: RouteSettings = { ...settings, models: ['qwen3:8b'], classify: 'always' };

    expect(routeOf({ score: 0.5, failures: 0 }, one)).toEqual({
      kind: 'model',
      model: 'qwen3:8b',
      why: 'it is the only model',
    });
  });

  it('is what the plan names, whatever the score and the settings say', () => {
    const always: RouteSettings = { ...settings, classify: 'always' };

    expect(routeOf({ score: 0.9, failures: 0, planned: 'haiku' }, always)).toEqual({
      kind: 'model',
      model: 'haiku',
      why: 'the plan names haiku',
    });
    expect(routeOf({ score: 0.1, failures: 0, planned: 'fable' }, settings)).toMatchObject({
      model: 'fable',
    });
  });

  it.each([
    ['haiku', 1, 'sonnet', 'the plan names haiku; failed once: from haiku to sonnet'],
    ['haiku', 2, 'opus', 'the plan names haiku; failed 2 times: from haiku to opus'],
    ['haiku', 3, 'opus', 'the plan names haiku; failed 3 times: from haiku to opus, the last model'],
    ['opus', 1, 'opus', 'the plan names opus; failed once: opus is the last model: it stays'],
    [
      'claude-haiku-5-5',
      1,
      'sonnet',
      'the plan names claude-haiku-5-5; failed once: from claude-haiku-5-5 to sonnet',
    ],
    ['fable', 1, 'fable', 'the plan names fable; failed once, but routing.models doesn’t have it: it stays'],
  ])('%s after %i failures is %s', (planned, failures, model, why) => {
    expect(routeOf({ score: 0, failures, planned }, settings)).toEqual({ kind: 'model', model, why });
  });

  it('isn’t asked for again after a failure', () => {
    expect(routeOf({ score: 0.5, failures: 1 }, settings)).toEqual({
      kind: 'model',
      model: 'opus',
      why: 'the score 0.50 is between 0.35 and 0.65; failed once: from sonnet to opus',
    });
  });

  it('never gets cheaper by a failure, by a higher score, or against the plan', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const anySettings = fc
      .record({
        count: fc.integer({ min: 1, max: 5 }),
        edges: fc.tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        classify: fc.constantFrom('grey', 'always', 'never'),
      })
      .map(({ count, edges, classify }): RouteSettings => {
        const [below, above] = edges[0] < edges[1] ? edges : [edges[1], edges[0]];
        return { ...settings, models: names.slice(0, count), below, above, classify };
      });
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        anySettings,
        fc.tuple(score, score),
        fc.tuple(fc.nat(7), fc.nat(4)),
        (given, scores, [failures, place]) => {
          const models = given.models;
          const planned = models[place];
          const rank = (route: ReturnType<typeof routeOf>): number =>
            route.kind === 'classify' ? Number.NaN : models.indexOf(route.model);
          const never = { ...given, classify: 'never' as const };
          const [low = 0, high = 0] = scores.toSorted((left, right) => left - right);

          if (planned !== undefined) {
            const now = rank(routeOf({ score: low, failures, planned }, given));
            expect(now).toBe(Math.min(place + failures, models.length - 1));
          }
          const one = rank(routeOf({ score: low, failures }, never));
          expect(rank(routeOf({ score: low, failures: failures + 1 }, never))).toBeGreaterThanOrEqual(one);
          expect(rank(routeOf({ score: high, failures }, never))).toBeGreaterThanOrEqual(one);
          expect(one).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

it.each([
  [['a'], ['a', 'a', 'a']],
  [
    ['a', 'b'],
    ['a', 'b', 'b'],
  ],
  [
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ],
  [
    ['a', 'b', 'c', 'd'],
    ['a', 'c', 'd'],
  ],
])('of %j the first is for simple, a middle one for medium, the last for hard: %j', (models, wanted) => {
  const classes = ['simple', 'medium', 'hard'] as const;

  expect(classes.map((each) => modelOfClass(each, { models }))).toEqual(wanted);
});
