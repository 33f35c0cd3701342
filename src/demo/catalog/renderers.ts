/** The sample repository's renderers: the drafts on its main branch, and what the scripted author writes instead. */

export const rendererIds = ['path', 'template', 'tree'] as const;

export type RendererId = (typeof rendererIds)[number];

/** What stands on the main branch, for every renderer alike. */
export function draftRenderer(title: string): string {
  return `// A first draft of "${title}".
export function render({ points }) {
  const marks = points.map(({ value }, index) => \`<rect class="mark" x="\${40 + index * 60}" y="\${220 - value}" width="40" height="\${value}"/>\`);
  return \`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270">\${marks.join('')}</svg>\`;
}
`;
}

/** The finished renderer; it draws bars or lollipops as the chart asks for. */
export function finishedRenderer(id: RendererId): string {
  return sources[id];
}

const themes = `const themes = {
  light: { paper: '#ffffff', ink: '#1f2937', fill: '#0f766e' },
  dark: { paper: '#111827', ink: '#e5e7eb', fill: '#2dd4bf' },
};
`;

const measures = `const escape = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const round = (number) => Math.round(number * 10) / 10;

/** Where each mark stands and how high it reaches. */
function layOut(points) {
  const highest = Math.max(...points.map(({ value }) => value));
  const step = 400 / points.length;
  return points.map(({ label, value }, index) => ({
    label: escape(label),
    x: round(40 + step * (index + 0.5)),
    y: round(220 - (value / highest) * 160),
    half: round(step * 0.3),
  }));
}
`;

const path = `// Every mark is one path, put together from numbers.
${themes}
${measures}
const shapes = {
  bar: ({ x, y, half }) => [['M', x - half, 220], ['V', y], ['H', x + half], ['V', 220], ['Z']],
  lollipop: ({ x, y }) => [['M', x - 1, 220], ['V', y], ['a', 6, 6, 0, 1, 1, 2, 0], ['V', 220], ['Z']],
};

const commands = (steps) => steps.map(([letter, ...numbers]) => letter + numbers.map(round).join(' ')).join('');

export function render({ title, unit, mark, points }, theme) {
  const { paper, ink, fill } = themes[theme];
  const places = layOut(points);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270" font-family="sans-serif">',
    '<rect width="480" height="270" fill="' + paper + '"/>',
    '<text x="40" y="36" font-size="16" fill="' + ink + '">' + escape(title) + ' (' + escape(unit) + ')</text>',
    ...places.map((place) => '<path class="mark" fill="' + fill + '" d="' + commands(shapes[mark](place)) + '"/>'),
    '<line x1="40" y1="220" x2="440" y2="220" stroke="' + ink + '"/>',
    '<g font-size="12" text-anchor="middle" fill="' + ink + '">',
    ...places.map(({ x, label }) => '<text x="' + x + '" y="242">' + label + '</text>'),
    '</g>',
    '</svg>',
  ].join('\\n');
}
`;

const template = `// One template literal, with further ones for the marks and the labels.
${themes}
${measures}
const shapes = {
  bar: ({ x, y, half }) => \`<rect class="mark" x="\${round(x - half)}" y="\${y}" width="\${2 * half}" height="\${round(220 - y)}"/>\`,
  lollipop: ({ x, y }) => \`<g class="mark"><path d="M\${x} 220V\${y}" stroke-width="2"/><circle cx="\${x}" cy="\${y}" r="6"/></g>\`,
};

export function render({ title, unit, mark, points }, theme) {
  const { paper, ink, fill } = themes[theme];
  const places = layOut(points);
  return \`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270" font-family="sans-serif">
<rect width="480" height="270" fill="\${paper}"/>
<text x="40" y="36" font-size="16" fill="\${ink}">\${escape(title)} (\${escape(unit)})</text>
<g fill="\${fill}" stroke="\${fill}">\${places.map(shapes[mark]).join('')}</g>
<line x1="40" y1="220" x2="440" y2="220" stroke="\${ink}"/>
<g font-size="12" text-anchor="middle" fill="\${ink}">\${places.map(({ x, label }) => \`<text x="\${x}" y="242">\${label}</text>\`).join('')}</g>
</svg>\`;
}
`;

const tree = `// A tree of plain objects, turned into text at the end.
${themes}
${measures}
const node = (name, attributes, ...children) => ({ name, attributes, children });

function toText(tree) {
  if (typeof tree === 'string') return tree;
  const attributes = Object.entries(tree.attributes).map(([name, value]) => \` \${name}="\${value}"\`).join('');
  return \`<\${tree.name}\${attributes}>\${tree.children.map(toText).join('')}</\${tree.name}>\`;
}

const shapes = {
  bar: ({ x, y, half }) => node('rect', { class: 'mark', x: round(x - half), y, width: 2 * half, height: round(220 - y) }),
  lollipop: ({ x, y }) =>
    node(
      'g',
      { class: 'mark' },
      node('line', { x1: x, y1: 220, x2: x, y2: y, 'stroke-width': 2 }),
      node('circle', { cx: x, cy: y, r: 6 }),
    ),
};

export function render({ title, unit, mark, points }, theme) {
  const { paper, ink, fill } = themes[theme];
  const places = layOut(points);
  const labels = places.map(({ x, label }) => node('text', { x, y: 242 }, label));
  return toText(
    node(
      'svg',
      { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 480 270', 'font-family': 'sans-serif' },
      node('rect', { width: 480, height: 270, fill: paper }),
      node('text', { x: 40, y: 36, 'font-size': 16, fill: ink }, \`\${escape(title)} (\${escape(unit)})\`),
      node('g', { fill, stroke: fill }, ...places.map(shapes[mark])),
      node('line', { x1: 40, y1: 220, x2: 440, y2: 220, stroke: ink }),
      node('g', { 'font-size': 12, 'text-anchor': 'middle', fill: ink }, ...labels),
    ),
  );
}
`;

const sources: Readonly<Record<RendererId, string>> = { path, template, tree };
