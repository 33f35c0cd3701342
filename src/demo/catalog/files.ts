/**
 * The demo's repository as it stands on its main branch: two charts to redo, each drawn by three renderers that work
 * in different ways. Everything runs on bare Node.
 */
import { checkTool } from './check-tool.js';
import { prompts } from './prompts.js';
import { regenYaml } from './regen-yaml.js';
import { draftRenderer, rendererIds } from './renderers.js';

interface Chart {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** What each value looks like. */
  readonly mark: 'bar' | 'lollipop';
  readonly points: readonly (readonly [label: string, value: number])[];
  /** When its renderers were last redone. */
  readonly updated: string;
}

const charts: readonly Chart[] = [
  {
    id: 'rainfall',
    title: 'Rainfall by Season',
    unit: 'mm',
    mark: 'bar',
    points: [
      ['Spring', 148],
      ['Summer', 203],
      ['Autumn', 187],
      ['Winter', 166],
    ],
    updated: '2025-03-14T08:00:00Z',
  },
  {
    id: 'daylight',
    title: 'Hours of Daylight',
    unit: 'h',
    mark: 'lollipop',
    points: [
      ['Jan', 8.3],
      ['Mar', 11.9],
      ['May', 15.7],
      ['Jul', 16.2],
      ['Sep', 12.6],
      ['Nov', 9.1],
    ],
    updated: '2025-09-02T16:30:00Z',
  },
];

/** Paths and texts of the whole repository. */
export function catalogFiles(): Readonly<Record<string, string>> {
  const files = charts.flatMap((chart) => Object.entries(chartFiles(chart)));
  return {
    'README.md': '# Charts\n\nChart specifications, and the renderers that draw them as SVG.\n',
    'regen.yaml': regenYaml,
    'tools/check.mjs': checkTool,
    ...prompts,
    ...Object.fromEntries(files),
  };
}

function chartFiles(chart: Chart): Record<string, string> {
  const folder = `charts/${chart.id}`;
  const renderers = rendererIds.flatMap((renderer): [string, string][] => [
    [`${folder}/renderers/${renderer}.mjs`, draftRenderer(chart.title)],
    [`${folder}/metadata/${renderer}.yaml`, metadata(renderer, chart.updated)],
  ]);
  return {
    [`${folder}/specification.md`]: specification(chart),
    [`${folder}/data.json`]: `${JSON.stringify(data(chart), null, 2)}\n`,
    ...Object.fromEntries(renderers),
  };
}

function specification({ id, title, unit, mark, points }: Chart): string {
  const shape =
    mark === 'bar'
      ? 'Each value is a bar that stands on the base line.'
      : 'Each value is a lollipop: a thin stem on the base line with a dot on top.';
  return `# ${id}: ${title}

${shape} There are ${points.length} of them, in the order of \`data.json\`, each with its label below it. The title names
the unit, ${unit}. The tallest mark fills the height of the plot; the others are in proportion to it.
`;
}

function data({ title, unit, mark, points }: Chart): unknown {
  return { title, unit, mark, points: points.map(([label, value]) => ({ label, value })) };
}

function metadata(renderer: string, updated: string): string {
  return `renderer: ${renderer}\ncreated: 2024-11-02T09:00:00Z\nupdated: ${updated}\n`;
}
