import fc from 'fast-check';
import { blockKinds } from '../../src/model/block.js';
import { complexityParts } from '../../src/model/route.js';
import type { ItemFacts, RouteSettings } from '../../src/model/route.js';

export const paragraph: ItemFacts = {
  words: 80,
  lines: 1,
  kind: 'paragraph',
  files: 1,
  nesting: 0,
  links: 0,
  code: 0,
  failures: 0,
  changeRequests: 0,
};

export const anyFacts: fc.Arbitrary<ItemFacts> = fc.record({
  words: fc.nat(20_000),
  lines: fc.nat(5000),
  kind: fc.constantFrom(...blockKinds, 'files' as const),
  files: fc.integer({ min: 1, max: 50 }),
  nesting: fc.nat(12),
  links: fc.nat(200),
  code: fc.double({ min: 0, max: 1, noNaN: true }),
  failures: fc.nat(5),
  changeRequests: fc.nat(5),
});

const weight = fc.double({ min: 0, max: 1, noNaN: true });

export const anyWeights: fc.Arbitrary<RouteSettings['weights']> = fc.record(
  Object.fromEntries(complexityParts.map((name) => [name, weight])),
  { requiredKeys: [] },
);

export const settings: RouteSettings = {
  models: ['haiku', 'sonnet', 'opus'],
  below: 0.35,
  above: 0.65,
  classify: 'grey',
  classifier: 'haiku',
  weights: {},
};
