/** The sample repository's prompts, from what every renderer shares to what is one renderer's own. */

const renderer = `# What a renderer is

A renderer is one module without imports. It exports a single function:

\`\`\`js
export function render(chart, theme) {
  return '<svg …>…</svg>';
}
\`\`\`

- \`chart\` is the parsed \`data.json\` of the chart: \`{ title, unit, mark, points: [{ label, value }] }\`.
- \`theme\` is \`'light'\` or \`'dark'\`. Paper and ink follow it; the geometry doesn't.
- It returns the text of one complete SVG document and touches nothing: no files, no globals, no clock, no randomness.
  The same arguments give the same bytes.
- It reads every number from \`points\`. Nothing about a particular chart is written into the code but the shape of its
  mark.
- It is written for the next person: names that say what they hold, no dead code, a first line that says how this
  renderer works.

# How it is judged

\`node tools/check.mjs <chart> <renderer>\` draws the chart in both themes and looks at the result: one element of
class \`mark\` for each point, no coordinate that isn't a number, the title, every label, and the paper of the theme. It
writes the drawing beside its report, so that a person can look at it.
`;

const svg = `# The drawing

- \`viewBox="0 0 480 270"\`, no width and no height: the page decides how large it is.
- The paper is a \`<rect>\` over the whole view box. The title stands at (40, 36) in 16 px; it is the chart's title,
  followed by the unit in brackets.
- The plot reaches from x = 40 to x = 440 and from y = 60 to y = 220. The base line is a \`<line>\` at y = 220.
- Labels are centred below their mark at y = 242 in 12 px.
- Text is escaped: \`&\` and \`<\` never reach the document as they are.
- Round coordinates to one decimal. A drawing of a few hundred bytes is worth more than one of a few thousand.

# The themes

| theme | paper   | ink     | mark    |
| ----- | ------- | ------- | ------- |
| light | #ffffff | #1f2937 | #0f766e |
| dark  | #111827 | #e5e7eb | #2dd4bf |
`;

const task = `# Task

Write the renderer \`{item}\` of the chart \`{target}\` anew, in charts/{target}/renderers/{item}.mjs. The present one is a
draft: it ignores the theme and has neither title nor labels. Read it and charts/{target}/data.json first.
`;

const styles = {
  path: 'every mark is one `<path>` whose commands are put together from numbers',
  template: 'the document is one template literal, with further ones for its repeated parts',
  tree: 'the document is a tree of plain objects, turned into text by one recursive function at the end',
};

export const prompts: Readonly<Record<string, string>> = {
  'prompts/renderer.md': renderer,
  'prompts/svg.md': svg,
  'prompts/task.md': task,
  ...Object.fromEntries(
    Object.entries(styles).map(([id, style]) => [
      `prompts/styles/${id}.md`,
      `# The renderer \`${id}\`\n\nHow it works: ${style}.\n`,
    ]),
  ),
};
