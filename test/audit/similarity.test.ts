import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictatedBy, featuresOf } from '../../src/audit/features.js';
import type { Features } from '../../src/audit/features.js';
import { candidatePairs } from '../../src/audit/similarity.js';
import * as corpus from './corpus.js';

const paths: Readonly<Record<string, string>> = { highcharts: 'x.mjs', ggplot2: 'x.R' };

const dictated = dictatedBy(
  [
    { path: 'rules.md', text: corpus.rules },
    { path: 'spec.md', text: corpus.specification },
    {
      path: 'names.md',
      text: 'bar-basic matplotlib altair highcharts plotnine seaborn plotly pyplot ggplot2',
    },
  ],
  ['hash', 'slash'],
);

type Name = Exclude<keyof typeof corpus, 'rules' | 'specification'>;

function read(name: Name, path = paths[name] ?? 'x.py'): Features {
  return featuresOf([{ path, text: corpus[name] }], dictated);
}

function candidates(names: readonly Name[]): readonly string[] {
  const pairs = candidatePairs(names.map((name) => read(name)));
  return pairs.map(({ first, second }) => [names[first], names[second]].toSorted().join(' '));
}

describe('a copy is found', () => {
  it.each<[string, Name, Name]>([
    ['with the same data and another library', 'matplotlib', 'altair'],
    ['with the same data in another order, as rows, in another language', 'matplotlib', 'highcharts'],
    ['with the same story and other numbers', 'matplotlib', 'plotnine'],
    ['with every name changed and other data', 'matplotlib', 'seaborn'],
    ['with the same seed and the same draws', 'drawnOnce', 'drawnAgain'],
  ])('%s', (_, first, second) => {
    expect(candidates([first, second])).toHaveLength(1);
  });

  it('of prose in the same words', () => {
    const [packing, copied, listing] = (['packing', 'packingCopied', 'listing'] as const).map((name) =>
      read(name, 'x.md'),
    );

    expect(candidatePairs([packing, copied, listing].flatMap((page) => page ?? []))).toEqual([
      { first: 0, second: 1, strength: expect.any(Number) as number },
    ]);
  });

  it('among honest siblings, and only it', () => {
    expect(candidates(['ggplot2', 'matplotlib', 'plotly', 'altair', 'pyplot'])).toEqual([
      'altair matplotlib',
    ]);
  });

  it('of long files, of which only samples are compared', () => {
    const long = (name: string, step: number): Features => {
      const lines = Array.from(
        { length: 4500 },
        (_, line) => `${name} = page.f${line}(${line * step}).g${line}(${name})`,
      );
      return featuresOf([{ path: 'x.py', text: lines.join('\n') }], dictated);
    };

    const three = [
      long('x', 3),
      long('other', 7),
      featuresOf([{ path: 'x.py', text: corpus.plotly }], dictated),
    ];

    expect(candidatePairs(three).map(({ first, second }) => [first, second])).toEqual([[0, 1]]);
  });

  it('where everybody has taken the same series', () => {
    const texts = [
      'bar([9, 7, 4, 2])',
      'rows = [[1, 9], [2, 7], [3, 4], [4, 2]]',
      '{"Rye": 9, "Oat": 7, "Bun": 4, "Pie": 2}',
    ];
    const items = texts.map((text) => featuresOf([{ path: 'x.py', text }], dictated));

    expect(candidatePairs(items).map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });
});

describe('no copy is', () => {
  it.each<[string, Name, Name]>([
    ['another story with the same header and the same theme table', 'matplotlib', 'plotly'],
    ['a work of its own with the same library', 'matplotlib', 'pyplot'],
    ['another one in the same style', 'plotly', 'pyplot'],
    ['another language', 'plotly', 'ggplot2'],
    ['what is drawn at random by other numbers', 'drawnOnce', 'drawnOtherwise'],
  ])('%s', (_, first, second) => {
    expect(candidates([first, second])).toEqual([]);
  });

  it('what the specification dictates', () => {
    const told = [
      { path: 'spec.md', text: '| Rye | 412 |\n| Oat | 367 |\n| Bun | 241 |\n| Pie | 96 |\n| Tart | 83 |' },
    ];
    const items = [
      'x = [412, 367, 241, 96, 83]',
      'y = [["Rye", 412], ["Oat", 367], ["Bun", 241], ["Pie", 96], ["Tart", 83]]',
    ];
    const pairsUnder = (texts: typeof told) =>
      candidatePairs(items.map((text) => featuresOf([{ path: 'x.py', text }], dictatedBy(texts, ['hash']))));

    expect(pairsUnder([])).toHaveLength(1);
    expect(pairsUnder(told)).toEqual([]);
  });

  it('what chance gives two long lists of small numbers', () => {
    const list = (seed: number): string => {
      let state = seed;
      const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648) >> 16;
      return `x = [${Array.from({ length: 120 }, () => 1 + (next() % 9)).join(', ')}]`;
    };
    const items = [1, 2].map((seed) => featuresOf([{ path: 'x.py', text: list(seed) }], dictated));

    expect(candidatePairs(items)).toEqual([]);
  });
});

it('finds the same pairs in any order of the items', () => {
  const names = [
    'matplotlib',
    'altair',
    'highcharts',
    'plotnine',
    'seaborn',
    'plotly',
    'pyplot',
    'ggplot2',
  ] as const;
  const expected = candidates(names).toSorted();

  fc.assert(
    fc.property(fc.shuffledSubarray([...names], { minLength: names.length }), (order) => {
      expect(candidates(order).toSorted()).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});
