import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestPassage, passagesOf, passageText } from '../../src/model/passages.js';

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

function headingsIn(document: string): readonly string[] {
  return passagesOf('a.md', document).map(({ headings }) => headings.join('/'));
}

describe('passages of a document', () => {
  it('are what stands under each heading, with the headings above it', () => {
    expect(headingsIn(plots)).toEqual(['Plots', 'Plots/Colours', 'Plots/Colours/Legends', 'Plots/Fonts']);
  });

  it('take no comment in a fence for a heading', () => {
    expect(passagesOf('style/plots.md', plots)[2]?.text).toContain('# not a heading\nlegend(frame=False)');
  });

  it.each([
    ['another fence’s sign', '````\n```\n# not one\n````'],
    ['a fence with a language', '```\n```js\n# not one\n```'],
    ['tildes', '~~~\n```\n# not one\n~~~'],
    ['a fence that never ends', '```\n# not one'],
  ])('see a fence end only where it does: %s', (_what, fence) => {
    expect(headingsIn(`# One\n\n${fence}`)).toEqual(['One']);
  });

  it('take no code span over a line for a fence', () => {
    expect(headingsIn('```a``` b\n\n# One\n\ntext')).toEqual(['', 'One']);
  });

  it('stand beside each other when levels are left out above them', () => {
    expect(headingsIn('### A\n\na\n\n### B\n\nb\n\n# C ##\n\nc')).toEqual(['A', 'B', 'C']);
  });

  it('are short enough to be shown, whatever the document, and lose nothing', () => {
    const long = `${'word '.repeat(1000)}\n${'line\n'.repeat(1000)}\n\n${'x'.repeat(5000)}`;
    const texts = passagesOf('a.txt', long).map(({ text }) => text);

    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(longestPassage);
    expect(texts.join('').replace(/\s/g, '').length).toBe(long.replace(/\s/g, '').length);
  });

  it('are so also for long lines of characters outside of the basic plane', () => {
    const line = fc.string({ unit: fc.constantFrom('😀', 'x', '𝔸', ' '), minLength: 1500, maxLength: 4000 });
    fc.assert(
      fc.property(line, (long) => {
        const texts = passagesOf('a.txt', long).map(({ text }) => text);

        expect(texts.every((text) => text.length <= longestPassage && !/\p{Surrogate}/u.test(text))).toBe(
          true,
        );
        expect(texts.join('').replace(/\s/g, '')).toBe(long.replace(/\s/g, ''));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the text of a passage', () => {
  it('stands under its place', () => {
    const passage = { path: 'style/plots.md', headings: ['', 'Fonts'], text: '20 points.' };

    expect(passageText(passage)).toBe('## style/plots.md > Fonts\n20 points.');
  });
});
