import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateMarks } from '../../src/model/plan.js';
import { appendLog, markItem } from '../../src/plan/edit-plan.js';
import { oneLine } from '../../src/plan/entry-line.js';
import { joinLines, splitLines } from '../../src/plan/lines.js';
import { parsePlan } from '../../src/plan/parse-plan.js';
import { contractPlan } from './contract-plan.js';
import { anyId, anyState, editedPlan } from './edited-plans.js';

const headings = ['Items'];
const anyLogText = fc.oneof(
  fc.constantFrom(
    '<!--',
    '```',
    'a\nb',
    '\r\n- [ ] x',
    '## Items\n- [ ] y',
    ' ',
    '\u2028z',
    '- a: b',
    'x'.repeat(900),
  ),
  fc.string({ unit: 'binary' }),
);

it('lines give back the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', 'a', 'ü', '\u2028') }), (text) => {
      expect(joinLines(splitLines(text))).toBe(text);
    }),
  );
});

it('reads every item of a plan that a person edited, and only those', () => {
  fc.assert(
    fc.property(editedPlan, ({ text, items }) => {
      const read = parsePlan(text, { headings }).items;

      expect(read.map(({ id, state, line }) => ({ id, state, line }))).toEqual(items);
    }),
    { numRuns: 500 },
  );
});

it('a mark changes one character of a plan that a person edited', () => {
  fc.assert(
    fc.property(editedPlan, fc.nat(), anyState, ({ text, items }, choice, state) => {
      const index = choice % items.length;
      const line = items[index]?.line ?? 0;
      const place = splitLines(text)
        .slice(0, line - 1)
        .reduce((sum, each) => sum + each.text.length + each.eol.length, 0);
      const bracket = text.indexOf('[', place);

      const marked = markItem(text, { line }, state);

      expect(marked).toBe(text.slice(0, bracket + 1) + stateMarks[state] + text.slice(bracket + 2));
      const before = parsePlan(text, { headings });
      expect(parsePlan(marked, { headings })).toEqual({
        ...before,
        items: before.items.map((item, each) => (each === index ? { ...item, state } : item)),
      });
    }),
    { numRuns: 500 },
  );
});

it('a log line leaves every byte of a plan that a person edited', () => {
  fc.assert(
    fc.property(editedPlan, anyId, anyLogText, ({ text }, item, said) => {
      const logged = appendLog(text, { item, text: said });

      const start = commonStart(text, logged);
      expect(logged.endsWith(text.slice(start))).toBe(true);
      const [before, after] = [parsePlan(text, { headings }), parsePlan(logged, { headings })];
      expect(after.items).toEqual(before.items);
      expect(after.changeRequests.map(({ text: request }) => request)).toEqual(
        before.changeRequests.map(({ text: request }) => request),
      );
      expect(after.log.map(({ item: id, text: entry }) => [id, entry])).toEqual([
        ...before.log.map(({ item: id, text: entry }) => [id, entry]),
        [item, oneLine(said)],
      ]);
    }),
    { numRuns: 500 },
  );
});

it('a log line ends as the plan’s lines do', () => {
  fc.assert(
    fc.property(editedPlan, ({ text }) => {
      const isWindows = !/(?<!\r)\n/.test(text) && text.includes('\n');

      const logged = appendLog(text, { item: 'a', text: 'said' });

      expect(/(?<!\r)\n/.test(logged)).toBe(!isWindows);
    }),
  );
});

it('logs at the end of the plan of the contract', () => {
  const marked = markItem(contractPlan, { line: 12 }, 'done');

  const logged = appendLog(marked, {
    item: 'matplotlib',
    text: 'PR http://localhost/13 (2026-05-02T15:00:00Z)',
  });

  expect(logged).toBe(
    `${contractPlan.replace('[ ] matplotlib', '[x] matplotlib')}- matplotlib: PR http://localhost/13 (2026-05-02T15:00:00Z)\n`,
  );
});

const head = '- Target: t\n\n## Items\n\n- [ ] a';

it.each([
  ['makes the section', `${head}\n`, `${head}\n\n## Log\n\n- a: x\n`],
  ['makes it after an unfinished line', head, `${head}\n\n## Log\n\n- a: x\n`],
  ['makes it after blank lines', `${head}\n\n\n`, `${head}\n\n\n## Log\n\n- a: x\n`],
  ['begins an empty one', `${head}\n\n## Log\n`, `${head}\n\n## Log\n\n- a: x\n`],
  ['begins one without a newline', `${head}\n\n## Log`, `${head}\n\n## Log\n\n- a: x\n`],
  ['begins one with a blank line', `${head}\n\n## Log\n\n`, `${head}\n\n## Log\n\n- a: x\n`],
  ['goes on after an unfinished line', `${head}\n\n## Log\n- a: w`, `${head}\n\n## Log\n- a: w\n- a: x\n`],
  [
    'keeps blank lines at the end',
    `${head}\n\n## Log\n\n- a: w\n\n`,
    `${head}\n\n## Log\n\n- a: w\n- a: x\n\n`,
  ],
  [
    'stays above the next section',
    `${head}\n\n## Log\n\n- a: w\n\n## Notes\n`,
    `${head}\n\n## Log\n\n- a: w\n- a: x\n\n## Notes\n`,
  ],
  [
    'begins above the next section',
    `${head}\n\n## Log\n\n## Notes\n`,
    `${head}\n\n## Log\n\n- a: x\n\n## Notes\n`,
  ],
  [
    'begins right above the next section',
    `${head}\n## Log\n## Notes\n`,
    `${head}\n## Log\n\n- a: x\n\n## Notes\n`,
  ],
  [
    'comes after a comment at the section’s end',
    `${head}\n## Log\n<!--\n- a: w\n-->\n`,
    `${head}\n## Log\n<!--\n- a: w\n-->\n- a: x\n`,
  ],
])('the log %s', (_, text, expected) => {
  expect(appendLog(text, { item: 'a', text: 'x' })).toBe(expected);
});

it('a log line is one line of bounded length, whatever a tool said', () => {
  const logged = appendLog(`${head}\n\n## Log\n`, {
    item: 'a b',
    text: `one\r\n\u001b[31mtwo\u001b[0m\u2028three\t${'🎉'.repeat(600)}`,
  });

  expect(logged).toBe(`${head}\n\n## Log\n\n- a%20b: one two three ${'🎉'.repeat(485)}…\n`);
});

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
