import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../src/mcp/passages.js';
import { createRetrieval } from '../../src/mcp/retrieval.js';
import { searchAnswer } from '../../src/mcp/style-rules.js';

const plots = `# Plots

Plots are drawn for both themes.

## Colours

Use the Okabe-Ito palette; never more than eight colours.

### Legends

A legend stands outside of the plot area, without a frame.

\`\`\`python
# not a heading
legend(frame=False)
\`\`\`

## Fonts

Axis labels have a font size of 20 points, tick labels of 16.
`;
const data = '# Data\n\nThe series is realistic: no lorem ipsum, no foo and bar.\n';
const retrieval = createRetrieval([
  ...passagesOf('style/plots.md', plots),
  ...passagesOf('style/data.md', data),
]);

describe('passages of a document', () => {
  it('are what stands under each heading, with the headings above it', () => {
    expect(passagesOf('style/plots.md', plots).map(({ headings }) => headings)).toEqual([
      ['Plots'],
      ['Plots', 'Colours'],
      ['Plots', 'Colours', 'Legends'],
      ['Plots', 'Fonts'],
    ]);
  });

  it('take no comment in a fence for a heading', () => {
    expect(passagesOf('style/plots.md', plots)[2]?.text).toContain('# not a heading\nlegend(frame=False)');
  });

  it('are short enough to be shown, whatever the document, and lose nothing', () => {
    const long = `${'word '.repeat(1000)}\n${'line\n'.repeat(1000)}\n\n${'x'.repeat(5000)}`;
    const texts = passagesOf('a.txt', long).map(({ text }) => text);

    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(1600);
    expect(texts.join('').replace(/\s/g, '').length).toBe(long.replace(/\s/g, '').length);
  });
});

describe('search_style_rules', () => {
  it('returns the passage that fits, under its place', () => {
    expect(searchAnswer(retrieval, 'font size of axis labels')).toBe(
      '## style/plots.md > Plots > Fonts\nAxis labels have a font size of 20 points, tick labels of 16.',
    );
  });

  it.each([
    ['which palette for colors and colours?', 'Okabe-Ito'],
    ['legendFrame', 'without a frame'],
    ['realistic series', 'lorem ipsum'],
  ])('finds an answer to %j', (query, text) => {
    expect(searchAnswer(retrieval, query)).toContain(text);
  });

  it.each([
    'database migrations rollback',
    'colour of the database connection pool retries',
    'the of and',
    '???',
  ])('says of %j that nothing fits, instead of returning noise', (query) => {
    expect(searchAnswer(retrieval, query)).toMatch(
      /^No style rule fits .* Try other words, or go on without\.$/,
    );
  });

  it('stays within its budget of 1,500 tokens and five passages', () => {
    const many = Array.from(
      { length: 40 },
      (_, index) => `## Legend ${index}\n\n${'legend frame '.repeat(100)}`,
    );
    const answer = searchAnswer(createRetrieval(passagesOf('many.md', many.join('\n\n'))), 'legend frame');

    expect(answer.length / 3.5).toBeLessThanOrEqual(1500);
    expect(answer.match(/^## many\.md/gm)?.length).toBeLessThanOrEqual(5);
  });

  it('says when there is nothing to search', () => {
    expect(searchAnswer(createRetrieval([]), 'fonts')).toContain('no document matches prompt.references');
  });
});
