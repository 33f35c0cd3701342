import { expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { parsePlan } from '../../src/plan/parse-plan.js';
import { contractPlan } from './contract-plan.js';

const headings = ['Items'];

it('reads the plan of the contract', () => {
  expect(parsePlan(contractPlan, { headings })).toEqual({
    target: 'scatter-basic',
    title: 'Basic Scatter Plot',
    updated: '2025-11-12T08:14:00+00:00',
    base: 'origin/main@1f3c9ab',
    created: '2026-05-02T13:50:00Z',
    heading: 'Items',
    items: [
      { id: 'altair', state: 'done', line: 11, note: '' },
      { id: 'matplotlib', state: 'todo', line: 12, note: '' },
      { id: 'highcharts', state: 'failed', line: 13, note: '' },
      { id: 'pygal', state: 'skipped', line: 14, note: '' },
      { id: 'plotly', state: 'waiting', line: 15, note: '' },
    ],
    changeRequests: [
      { item: 'matplotlib', text: "the data series equals plotly's; choose another domain.", line: 19 },
    ],
    log: [
      {
        item: 'altair',
        text: 'PR https://github.com/o/r/pull/12, score 88, label ai-approved, verdict APPROVED, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)',
        line: 23,
      },
      {
        item: 'highcharts',
        text: 'FAILED: check "render" failed: plot-dark.png was not produced (2026-05-02T14:20:40Z)',
        line: 24,
      },
    ],
  });
});

it('reads a plan of the original tool', () => {
  const text = [
    '# Regen Plan',
    '',
    '- Spec: scatter-basic',
    '- Latest implementation update: 2025-11-12T08:14:00+00:00',
    '',
    '## Libraries',
    '',
    '- [x] altair',
    '- [!] bokeh',
    '- [ ] plotly',
    '',
    '## Log',
    '- altair: PR https://github.com/o/r/pull/12 (quality:88)',
    '- bokeh: FAILED — render timed out',
  ].join('\n');

  expect(parsePlan(text, { headings: ['Pages'] })).toEqual({
    target: 'scatter-basic',
    title: null,
    updated: '2025-11-12T08:14:00+00:00',
    base: null,
    created: null,
    heading: 'Libraries',
    items: [
      { id: 'altair', state: 'done', line: 8, note: '' },
      { id: 'bokeh', state: 'failed', line: 9, note: '' },
      { id: 'plotly', state: 'todo', line: 10, note: '' },
    ],
    changeRequests: [],
    log: [
      { item: 'altair', text: 'PR https://github.com/o/r/pull/12 (quality:88)', line: 13 },
      { item: 'bokeh', text: 'FAILED — render timed out', line: 14 },
    ],
  });
});

it('reads every bullet and mark, notes, and encoded ids', () => {
  const text = planOf(
    '* [X] a',
    '+\t[~]\tb \t see #12 ',
    '- [ ]  c%20d  ',
    '- [-] [[',
    '- [!] `x`',
    '- [ ] 100%',
  );

  const { items } = parsePlan(text, { headings });

  expect(items.map(({ id, state, note }) => ({ id, state, note }))).toEqual([
    { id: 'a', state: 'done', note: '' },
    { id: 'b', state: 'waiting', note: 'see #12' },
    { id: 'c d', state: 'todo', note: '' },
    { id: '[[', state: 'skipped', note: '' },
    { id: '`x`', state: 'failed', note: '' },
    { id: '100%', state: 'todo', note: '' },
  ]);
});

it.each([
  ['an indented line', ['  - [ ] hidden', '\t- [ ] hidden']],
  ['a comment', ['<!-- - [ ] hidden -->']],
  ['a comment over many lines', ['<!--', '- [ ] hidden', '', '- [ ] hidden -->']],
  ['fenced code', ['```md', '- [ ] hidden', '```']],
  ['longer fences around shorter ones', ['````', '```', '- [ ] hidden', '````']],
  ['fenced code with tildes', ['~~~', '- [ ] hidden', '```', '~~~~']],
  ['an ordered list', ['1. [ ] hidden']],
  ['a quote', ['> - [ ] hidden']],
  ['a link', ['- [x](http://localhost/)', '- [x][ref]', '- [x]: ref']],
  ['text', ['- plain', 'text [ ] hidden', '- ', '* * *']],
])('%s is no item', (_, lines) => {
  const text = planOf('- [ ] first', ...lines, '- [ ] last');

  expect(parsePlan(text, { headings }).items.map(({ id }) => id)).toEqual(['first', 'last']);
});

it('items go on below a subheading, and end at the next section', () => {
  const text = planOf('- [ ] a', '### Hard ones', '- [ ] b', '# Items', '- [ ] c', '## Notes', '- [?] d');

  expect(parsePlan(text, { headings }).items.map(({ id }) => id)).toEqual(['a', 'b']);
});

it('a comment or a fence within a list item ends with the item, as it does in Markdown', () => {
  const text = planOf(
    '- [ ] a',
    '  <!--',
    '- [ ] b',
    '- ```',
    '- [ ] c',
    '  ~~~',
    '- [ ] d <!-- note',
    '- [ ] e',
  );

  expect(parsePlan(text, { headings }).items.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('headings are read with closing hashes, in any case, and with the configured name', () => {
  const text = '- Target: t\n## other pages ##\n- [ ] a\n## LOG\n- a: x\n';

  expect(parsePlan(text, { headings: ['Other Pages'] })).toMatchObject({
    heading: 'other pages',
    items: [{ id: 'a' }],
    log: [{ item: 'a', text: 'x' }],
  });
});

it('a byte order mark, CRLF and a missing last newline make no difference', () => {
  const text = `\uFEFF- Target: t\r\n## Items\r\n- [ ] a note\r\n- [x] b`;

  expect(parsePlan(text, { headings })).toMatchObject({
    target: 't',
    items: [
      { id: 'a', state: 'todo', line: 3, note: 'note' },
      { id: 'b', state: 'done', line: 4, note: '' },
    ],
  });
});

it('a lone carriage return ends no line', () => {
  const text = planOf('- [ ] a\r- [ ] b');

  expect(parsePlan(text, { headings }).items).toEqual([{ id: 'a', state: 'todo', line: 4, note: '- [ ] b' }]);
});

it('a change request may go on over more lines', () => {
  const text = planOf(
    '- [ ] a',
    '## Change Requests',
    '- a: choose',
    '  another domain,',
    'not sales;',
    '',
    '  - and other colours',
    '- b: c::d',
    '',
    'A word to the reader.',
    '- std::sort: keep it stable',
    '<!-- - a: hidden -->',
  );

  expect(parsePlan(text, { headings }).changeRequests).toEqual([
    { item: 'a', text: 'choose\nanother domain,\nnot sales;\n- and other colours', line: 6 },
    { item: 'b', text: 'c::d', line: 11 },
    { item: 'std::sort', text: 'keep it stable', line: 14 },
  ]);
});

it.each([
  [
    planOf('- [ ] a', '- [?] b'),
    '.regen-plan.md:5: "[?]" is no state of an item',
    'Write [ ] to do, [x] done, [!] failed, [-] skipped or [~] handed off.',
  ],
  [planOf('- [ ] a', '- [] b'), '.regen-plan.md:5: "[]" is no state of an item', /^Write \[ \] to do/],
  [planOf('- [x ] a'), '.regen-plan.md:4: "[x ]" is no state of an item', /^Write \[ \] to do/],
  [
    planOf('- [ ] a', '', '- [x] a again'),
    '.regen-plan.md:6: "a" is listed a second time; line 4 has it first',
    'Remove one of the two lines.',
  ],
  [
    planOf('- [ ] a', '- [ ]'),
    '.regen-plan.md:5: "- [ ]" names no item',
    'Write its id after the brackets, or remove the line.',
  ],
  [planOf('- [ ]a'), '.regen-plan.md:4: "- [ ]a" lacks a blank beside the brackets', 'Write "- [ ] a".'],
  [planOf('-[ ] a'), '.regen-plan.md:4: "-[ ] a" lacks a blank beside the brackets', 'Write "- [ ] a".'],
  [
    planOf('- nothing to tick'),
    '.regen-plan.md:3: "## Items" lists no item',
    'List them as "- [ ] <id>" at the start of a line, or remove the plan to have a new one written.',
  ],
  [
    '- Target: t\n\n## Notes\n',
    '.regen-plan.md:1: the plan has no section of items',
    'Put the items under one heading, "## Items" or "## Libraries", or let items.heading in regen.yaml name theirs.',
  ],
  [
    planOf('- [ ] a', '## Libraries', '- [ ] b'),
    '.regen-plan.md:5: "## Libraries" is a second section of items; "## Items" in line 3 is the first',
    'Put all items under one of the two headings.',
  ],
  [
    '# Plan\n\n## Items\n- [ ] a\n',
    '.regen-plan.md:1: the plan names no target',
    'Add a line "- Target: `<id>`" above the first section.',
  ],
  [
    planOf('- [ ] a', '<!-- - [ ] b'),
    '.regen-plan.md:5: the comment that begins here never ends',
    'Close it: everything after it would be hidden.',
  ],
  [
    planOf('- [ ] a', '```', '- [ ] b', '~~~'),
    '.regen-plan.md:5: the code fence that begins here never ends',
    'Close it: everything after it would be hidden.',
  ],
  ['', '.regen-plan.md:1: the plan has no section of items', /^Put the items/],
])('%j is an error that names the line', (text, message, hint) => {
  const error = errorOf(() => parsePlan(text, { headings }));

  expect(error).toMatchObject({ code: 'plan', message });
  expect(error.hint).toMatch(hint);
});

/** A plan whose items' section begins in line 3. */
function planOf(...lines: readonly string[]): string {
  return ['- Target: t', '', '## Items', ...lines, ''].join('\n');
}

function errorOf(call: () => unknown): RegenError {
  try {
    call();
  } catch (error) {
    if (error instanceof RegenError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
