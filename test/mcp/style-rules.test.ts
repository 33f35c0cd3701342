import { describe, expect, it } from 'vitest';
import { createLexicalIndex } from '../../src/model/lexical-index.js';
import { passagesOf } from '../../src/model/passages.js';
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
const index = createLexicalIndex([
  ...passagesOf('style/plots.md', plots),
  ...passagesOf('style/data.md', data),
]);

describe('search_style_rules', () => {
  it('returns the passage that fits, under its place', () => {
    expect(searchAnswer(index, 'font size of axis labels')).toBe(
      '## style/plots.md > Plots > Fonts\nAxis labels have a font size of 20 points, tick labels of 16.',
    );
  });

  it.each([
    ['which palette for colors and colours?', 'Okabe-Ito'],
    ['legendFrame', 'without a frame'],
    ['realistic series', 'lorem ipsum'],
  ])('finds an answer to %j', (query, text) => {
    expect(searchAnswer(index, query)).toContain(text);
  });

  it.each([
    'database migrations rollback',
    'colour of the database connection pool retries',
    'the of and',
    '???',
  ])('says of %j that nothing fits, instead of returning noise', (query) => {
    expect(searchAnswer(index, query)).toMatch(/^No style rule fits .* Try other words, or go on without\.$/);
  });

  it('stays within its budget of 1,500 tokens and five passages', () => {
    const many = Array.from(
      { length: 40 },
      (_, index) => `## Legend ${index}\n\n${'legend frame '.repeat(100)}`,
    );
    const answer = searchAnswer(createLexicalIndex(passagesOf('many.md', many.join('\n\n'))), 'legend frame');

    expect(answer.length / 3.5).toBeLessThanOrEqual(1500);
    expect(answer.match(/^## many\.md/gm)?.length).toBeLessThanOrEqual(5);
  });

  it('says when there is nothing to search', () => {
    expect(searchAnswer(createLexicalIndex([]), 'fonts')).toContain('no document matches prompt.references');
  });
});
