/** Who redoes the catalog's implementations in the test: reads, writes, and mends what a check has found. */
import { say, sayAndUse, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';

/** The finished implementations of scatter-basic; their header still has the date of the old ones. */
export const finished: Readonly<Record<string, string>> = {
  altair: `/**
 * catalog
 * scatter-basic: Basic Scatter Plot
 * Library: altair
 * Updated: 2024-11-02
 */
import { Chart } from 'altair';

const themes = {
  light: { paper: '#ffffff', ink: '#1f2937', color: '#0f766e' },
  dark: { paper: '#16161d', ink: '#e5e7eb', color: '#2dd4bf' },
};
const theme = process.env.REGEN_THEME;
const { paper, ink, color } = themes[theme];

// A bakery's week: degrees outside, loaves of rye sold.
const days = [4, 6, 7, 9, 11, 12, 14, 15, 17, 18, 20, 21, 23, 24, 27].map((degrees, index) => ({
  degrees,
  loaves: 92 - 2 * degrees + ((index * 7) % 11),
}));

new Chart(days)
  .markCircle({ color })
  .encode({ x: 'degrees', y: 'loaves' })
  .configure({ paper, ink })
  .save(\`plot-\${theme}.png\`);
`,
  highcharts: `/**
 * catalog
 * scatter-basic: Basic Scatter Plot
 * Library: highcharts
 * Updated: 2025-01-20
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from 'highcharts';

const themes = {
  light: { paper: '#ffffff', ink: '#1f2937', color: '#0f766e' },
  dark: { paper: '#16161d', ink: '#e5e7eb', color: '#2dd4bf' },
};
const theme = process.env.REGEN_THEME;
const { paper, ink, color } = themes[theme];

// Wind turbines: metres per second, kilowatts.
const data = Array.from({ length: 18 }, (_, index) => [3 + index * 0.6, 40 + index ** 2 * 5 + ((index * 13) % 40)]);

const plot = chart({
  chart: { type: 'scatter', backgroundColor: paper, lineColor: ink },
  series: [{ color, data }],
});
plot.save(\`plot-\${theme}.png\`);

const page = readFileSync(new URL('../../../../assets/page.html', import.meta.url), 'utf8');
writeFileSync(\`plot-\${theme}.html\`, plot.toHtml(page));
`,
};

/** altair is right at once; highcharts forgets the dark theme, and mends that when it is told. */
export function catalogAuthor(request: ScriptedRequest): ScriptedReply {
  const [file = '', library = ''] =
    /plots\/scatter-basic\/implementations\/javascript\/(\w+)\.mjs/.exec(request.firstMessage) ?? [];
  const text = finished[library] ?? '';
  if (request.prompts.length === 1) {
    if (request.turnOfPrompt === 1) return use({ name: 'Read', input: { file_path: file } });
    if (request.turnOfPrompt > 2) return say(`${library} is written anew.`);
    const content = library === 'highcharts' ? text.replace('themes[theme]', 'themes.light') : text;
    return sayAndUse('Now the new one.', { name: 'Write', input: { file_path: file, content } });
  }
  if (request.turnOfPrompt > 1) return say('The colors follow the theme now.');
  return use({
    name: 'Edit',
    input: { file_path: file, old_string: 'themes.light', new_string: 'themes[theme]' },
  });
}
