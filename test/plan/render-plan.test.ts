import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelInNote, modelNote } from '../../src/model/model-note.js';
import { parsePlan } from '../../src/plan/parse-plan.js';
import { renderPlan } from '../../src/plan/render-plan.js';
import { anyId } from './edited-plans.js';

it('writes a plan as the contract has it', () => {
  const text = renderPlan({
    target: 'scatter-basic',
    title: 'Basic Scatter Plot',
    updated: '2025-11-12T08:14:00+00:00',
    base: 'origin/main@1f3c9ab',
    created: new Date('2026-05-02T13:50:00.123Z'),
    heading: 'Libraries',
    items: [
      { id: 'altair' },
      { id: 'two words' },
      { id: 'pygal', skipped: 'prompts/library/pygal.md is missing' },
    ],
    changeRequests: [{ item: 'two words', text: 'the data equals altair’s;\nchoose another domain.' }],
  });

  expect(text).toBe(`# Regen plan: scatter-basic

- Target: \`scatter-basic\`
- Title: \`Basic Scatter Plot\`
- Last updated: \`2025-11-12T08:14:00+00:00\`
- Base: \`origin/main@1f3c9ab\`
- Plan created: \`2026-05-02T13:50:00Z\`

## Libraries

- [ ] altair
- [ ] two%20words
- [-] pygal

## Change Requests

- two%20words: the data equals altair’s; choose another domain.

## Log

- pygal: skipped: prompts/library/pygal.md is missing (2026-05-02T13:50:00Z)
`);
});

it('leaves out what isn’t known', () => {
  const text = renderPlan({
    target: 't',
    title: null,
    updated: null,
    base: 'origin/main@1f3c9ab',
    created: new Date('2026-05-02T13:50:00Z'),
    heading: 'Items',
    items: [{ id: 'a' }],
    changeRequests: [],
  });

  expect(text).toBe(`# Regen plan: t

- Target: \`t\`
- Base: \`origin/main@1f3c9ab\`
- Plan created: \`2026-05-02T13:50:00Z\`

## Items

- [ ] a

## Log
`);
});

it('writes a note behind the id, on the same line', () => {
  const text = renderPlan({
    target: 't',
    title: null,
    updated: null,
    base: 'origin/main@1f3c9ab',
    created: new Date('2026-05-02T13:50:00Z'),
    heading: 'Items',
    items: [
      { id: 'intro#usage/2', note: modelNote('haiku') },
      { id: '[x] (model: opus)', note: modelNote('qwen (q4) 8b') },
      { id: 'c', note: 'two\n- [ ] lines', skipped: 'why' },
      { id: 'd', note: '' },
    ],
    changeRequests: [],
  });
  const lines = text.split('\n').filter((line) => line.startsWith('- ['));

  expect(lines).toEqual([
    '- [ ] intro#usage/2 (model: haiku)',
    '- [ ] [x]%20(model:%20opus) (model: qwen%20%28q4%29%208b)',
    '- [-] c two - [ ] lines',
    '- [ ] d',
  ]);
  expect(parsePlan(text, { headings: [] }).items.map(({ id, note }) => [id, modelInNote(note)])).toEqual([
    ['intro#usage/2', 'haiku'],
    ['[x] (model: opus)', 'qwen (q4) 8b'],
    ['c', null],
    ['d', null],
  ]);
});

/** Notes of one blank between words, as a person would write them; line ends become blanks. */
const anyNote = fc
  .array(
    fc.oneof(
      fc.constantFrom('see', '#12', '(model:', 'haiku)', '- [ ]', '## Log', '`x`', '<!--'),
      fc.stringMatching(/^[!-~ünï🎉]{1,8}$/u),
    ),
    {
      maxLength: 5,
    },
  )
  .chain((words) => fc.constantFrom(' ', '\n').map((gap) => words.join(gap)));

it('is read back as it was meant, whatever the names and the title', () => {
  const newPlan = fc.record({
    target: anyId,
    title: fc.oneof(
      fc.constant(null),
      fc.constantFrom('`a`', '``', '<!-- x', '- y', '## Items'),
      fc.string(),
    ),
    items: fc.uniqueArray(
      fc.record({
        id: anyId,
        skipped: fc.option(fc.string(), { nil: undefined }),
        note: fc.option(fc.oneof(anyId.map(modelNote), anyNote), { nil: undefined }),
      }),
      { minLength: 1, selector: ({ id }) => id },
    ),
    changeRequests: fc.array(fc.record({ item: anyId, text: fc.constantFrom('a', '- b', '## Log', 'c\nd') })),
  });
  fc.assert(
    fc.property(newPlan, (plan) => {
      const rest = { updated: null, base: 'origin/main@1f3c9ab', created: new Date(0), heading: 'Items' };

      const read = parsePlan(renderPlan({ ...rest, ...plan }), { headings: [] });

      expect(read).toMatchObject({ target: plan.target, created: '1970-01-01T00:00:00Z', heading: 'Items' });
      expect(read.items.map(({ id, state, note }) => ({ id, state, note }))).toEqual(
        plan.items.map(({ id, skipped, note = '' }) => ({
          id,
          state: skipped === undefined ? 'todo' : 'skipped',
          note: note.replace(/\n/g, ' ').trim(),
        })),
      );
      expect(read.log.map(({ item }) => item)).toEqual(
        plan.items.filter(({ skipped }) => skipped !== undefined).map(({ id }) => id),
      );
      expect(read.changeRequests.map(({ item, text }) => ({ item, text }))).toEqual(
        plan.changeRequests.map(({ item, text }) => ({ item, text: text.replace('\n', ' ') })),
      );
    }),
  );
});
