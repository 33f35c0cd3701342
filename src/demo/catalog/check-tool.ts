/** The sample repository's check: draws a chart and looks at the drawing. */

export const checkTool = `// Draws one chart with one renderer in the theme of REGEN_THEME, and says what is wrong with the drawing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const papers = { light: '#ffffff', dark: '#111827' };
const [chartId, rendererId] = process.argv.slice(2);
const theme = process.env.REGEN_THEME ?? 'light';

const chart = JSON.parse(readFileSync(\`charts/\${chartId}/data.json\`, 'utf8'));
const module = pathToFileURL(resolve(\`charts/\${chartId}/renderers/\${rendererId}.mjs\`));
const { render } = await import(module.href);

const svg = render(chart, theme);
writeFileSync(join(process.env.REGEN_ARTIFACTS ?? '.', \`chart-\${theme}.svg\`), svg);

const problems = [...problemsOf(svg)];
for (const problem of problems) console.error(\`\${theme}: \${problem}\`);
process.exitCode = problems.length === 0 ? 0 : 1;

function* problemsOf(svg) {
  if (!/^<svg [^>]*viewBox="0 0 480 270"/.test(svg)) yield 'the document does not begin with <svg … viewBox="0 0 480 270"';
  const marks = svg.match(/class="mark"/g)?.length ?? 0;
  if (marks !== chart.points.length) yield \`\${chart.points.length} points, but \${marks} elements of class "mark"\`;
  const notNumbers = svg.match(/NaN|undefined|Infinity/g)?.length ?? 0;
  if (notNumbers > 0) yield \`\${notNumbers} coordinates are not numbers\`;
  if (!svg.includes(\`>\${chart.title} (\${chart.unit})<\`)) yield \`the title "\${chart.title} (\${chart.unit})" is missing\`;
  for (const { label } of chart.points) if (!svg.includes(\`>\${label}<\`)) yield \`the label "\${label}" is missing\`;
  const paper = svg.match(/<rect [^>]*fill="(#[0-9a-f]{6})"/)?.[1] ?? 'nothing';
  if (paper !== papers[theme]) yield \`the paper is \${paper}, it should be \${papers[theme]}\`;
}
`;
