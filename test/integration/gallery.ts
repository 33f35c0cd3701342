/** The sample catalog for the quality gate: it draws SVG, rendered for real, two of its implementations are copies. */
import { exampleConfig, exampleFiles, replaceOnce } from '../support/example-files.js';
import type { FilesLiteral } from '../support/git-repo.js';
import { finished } from './catalog-author.js';
import type { Opinion } from './catalog-judge.js';

export const implementations = 'plots/scatter-basic/implementations/javascript';
export const implementationOf = (item: string): string => `${implementations}/${item}.mjs`;
export const metadataOf = (item: string): string => `plots/scatter-basic/metadata/javascript/${item}.yaml`;

const vectorPicture = `export class Picture {
  #shapes = [];

  constructor(width, height, paper) {
    this.width = width;
    this.height = height;
    this.rectangle(0, 0, width, height, paper);
  }

  rectangle(left, top, width, height, color) {
    this.#shapes.push(\`<rect x="\${left}" y="\${top}" width="\${width}" height="\${height}" fill="\${color}"/>\`);
  }

  disc(centreX, centreY, radius, color) {
    this.#shapes.push(\`<circle cx="\${centreX}" cy="\${centreY}" r="\${radius}" fill="\${color}"/>\`);
  }

  save(file) {
    const size = \`width="\${this.width}" height="\${this.height}"\`;
    const picture = \`<svg xmlns="http://www.w3.org/2000/svg" \${size}>\${this.#shapes.join('')}</svg>\`;
    writeFileSync(file.replace(/png$/, 'svg'), picture);
  }
}
`;

const look = `// Renders the drawing of REGEN_THEME in REGEN_ARTIFACTS, and says what is wrong with it.
import { join } from 'node:path';

const { default: sharp } = await import(process.env.SHARP_URL);
const theme = process.env.REGEN_THEME;
const file = \`plot-\${theme}.png\`;
const target = join(process.env.REGEN_ARTIFACTS, file);
await sharp(target.replace(/png$/, 'svg')).png().toFile(target);
const { data, info } = await sharp(target).removeAlpha().raw().toBuffer({ resolveWithObject: true });
const paper = data.toString('hex', 0, 3);
const problems = [];
if (info.width !== 640 || info.height !== 360) problems.push('it should be 640 x 360');
if (paper !== { light: 'ffffff', dark: '16161d' }[theme]) problems.push(\`the paper is #\${paper}\`);
for (const problem of problems) console.error(\`\${file}: \${problem}\`);
process.exitCode = problems.length === 0 ? 0 : 1;
`;

/** Nothing in the specification asks for tides. */
export const tides = `[
  [0, 4.31], [1, 4.87], [2, 5.62], [3, 6.38], [4, 6.94], [5, 7.13], [6, 6.89], [7, 6.27], [8, 5.46],
  [9, 4.68], [10, 4.12], [11, 3.94], [12, 4.17], [13, 4.72], [14, 5.49], [15, 6.26], [16, 6.85], [17, 7.09],
]`;

const head = (library: string, date: string): string => `/**
 * catalog
 * scatter-basic: Basic Scatter Plot
 * Library: ${library}
 * Updated: ${date}
 */
`;

const oldAltair = `${head('altair', '2024-11-02')}import { Chart } from 'altair';

// The harbour of Bremerhaven: hours after midnight, metres of water above the sill.
const waterLevels = ${tides};

const rows = waterLevels.map(([hour, metres]) => ({ hour, metres }));
new Chart(rows).markCircle().encode({ x: 'hour', y: 'metres' }).save(\`plot-\${process.env.REGEN_THEME}.png\`);
`;

/** The same harbour, hours and metres, by way of another library. */
const oldHighcharts = `${head('highcharts', '2025-01-20')}import { chart } from 'highcharts';

// The harbour of Bremerhaven: hours after midnight, metres of water above the sill.
const waterLevels = ${tides};

const plot = chart({
  chart: { type: 'scatter', backgroundColor: '#ffffff', lineColor: '#000000' },
  series: [{ color: '#306998', data: waterLevels }],
});
plot.save(\`plot-\${process.env.REGEN_THEME}.png\`);
`;

const themes = `const themes = {
  light: { paper: '#ffffff', ink: '#1f2937', color: '#0f766e' },
  dark: { paper: '#16161d', ink: '#e5e7eb', color: '#2dd4bf' },
};
const theme = process.env.REGEN_THEME;
const { paper, ink, color } = themes[theme];
`;

const matplotlib = (
  xs: string,
): string => `${head('matplotlib', '2024-11-30')}import { createFigure } from 'matplotlib';

${themes}
const figure = createFigure({ paper, ink });
figure.scatter(${xs}, [1, 4, 9, 16], { color });
figure.save(\`plot-\${theme}.png\`);
`;

/** What the author hands in, one text per turn: the first, and one per improvement. */
export const drafts: Readonly<Record<string, readonly string[]>> = {
  altair: [
    replaceOnce(finished['altair'] ?? '', '+ ((index * 7) % 11)', '+ index'),
    replaceOnce(finished['altair'] ?? '', '% 11', '% 3'),
    finished['altair'] ?? '',
  ],
  highcharts: [finished['highcharts'] ?? ''],
  matplotlib: [matplotlib('[1, 2, 3, 4]'), matplotlib('[1, 2, 3, 5]'), matplotlib('[2, 3, 5, 7]')],
};

/** What highcharts' author hands in whom nobody asks for anything else. */
export const unasked = replaceOnce(
  replaceOnce(
    drafts['highcharts']?.[0] ?? '',
    '// Wind turbines: metres per second, kilowatts.',
    '// Tides.',
  ),
  'Array.from({ length: 18 }, (_, index) => [3 + index * 0.6, 40 + index ** 2 * 5 + ((index * 13) % 40)])',
  tides,
);

const design = { 'DE-01': 2, 'DE-02': 2, 'DE-03': 2 };

/** What the judge says of each draft. */
export const opinions: Readonly<Record<string, readonly Opinion[]>> = {
  altair: [
    opinion(
      { ...design, 'DQ-01': 2, 'DQ-02': 1, 'DQ-03': 1, 'LM-01': 3, 'LM-02': 1 },
      'The line is straight.',
    ),
    opinion({ ...design, 'DQ-01': 4, 'DQ-02': 2, 'LM-01': 3, 'LM-02': 1 }, 'The loaves lie in rows.'),
    opinion({ ...design, 'DQ-02': 4, 'LM-01': 3, 'LM-02': 1 }, 'The defaults show.'),
  ],
  highcharts: [opinion({ 'DE-01': 4, 'DE-03': 4, 'LM-01': 3 }, "The look is the library's.")],
  matplotlib: [0, 1, 2].map((points) =>
    opinion(
      {
        ...{ 'VQ-01': 2, 'VQ-02': points, 'VQ-03': 2, 'VQ-05': 0, 'DE-01': 0, 'DE-02': 1, 'DE-03': 0 },
        ...{ 'SC-02': 0, 'DQ-01': 0, 'DQ-02': 0, 'DQ-03': 1, 'CQ-03': 0, 'LM-01': 0, 'LM-02': 0 },
      },
      'Four dots are no cloud.',
    ),
  ),
};

function opinion(points: Opinion['points'], weakness: string): Opinion {
  return {
    points,
    description: 'Points on white, and on black.',
    strengths: ['Both themes are alike.'],
    weaknesses: [weakness],
  };
}

export async function galleryFiles(): Promise<FilesLiteral> {
  const files = await exampleFiles('catalog');
  const pixels = files['libraries/pixels/index.mjs'] ?? '';
  const [imports, rest] = [pixels.indexOf('import'), pixels.indexOf('/** Where values stand')];
  const scale = pixels.slice(rest, pixels.indexOf('function chunk'));
  return {
    ...files,
    'libraries/pixels/index.mjs': `${pixels.slice(0, imports)}import { writeFileSync } from 'node:fs';\n\n${vectorPicture}\n${scale}`,
    'tools/look.mjs': look,
    [implementationOf('altair')]: oldAltair,
    [implementationOf('highcharts')]: oldHighcharts,
  };
}

export async function galleryConfig(): Promise<string> {
  const config = replaceOnce(await exampleConfig('catalog'), 'labelDelay: 8s', 'labelDelay: 10ms');
  const rendered = replaceOnce(
    config,
    "produces: ['plot-{theme}.png',",
    "produces: ['plot-{theme}.png', 'plot-{theme}.svg',",
  );
  return replaceOnce(rendered, 'checks:\n', `checks:\n  env: [SHARP_URL]\n`);
}
