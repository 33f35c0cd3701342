/** Plans as people may have left them, with what is to be read from them. */
import fc from 'fast-check';
import { encodePlanId } from '../../src/model/ids.js';
import { stateMarks } from '../../src/model/plan.js';
import type { ItemState } from '../../src/model/plan.js';

export interface EditedPlan {
  readonly text: string;
  readonly items: readonly { readonly id: string; readonly state: ItemState; readonly line: number }[];
}

const oddIds = [
  '.',
  '..',
  '[',
  '[[',
  '[ ]',
  '^',
  '-',
  '#',
  '##',
  '`',
  '``',
  '`x`',
  '```',
  '~~~',
  '<!--',
  '-->',
].concat([
  'a b',
  ' ',
  '100%',
  '%41',
  '%zz',
  'a:b',
  'a:',
  ':',
  'ünï',
  '🎉',
  '<x>',
  '\\',
  '*',
  '>',
  '|',
  '1.',
  '\uFEFF',
]);

export const anyId: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...oddIds),
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
);

export const anyState = fc.constantFrom<ItemState>('todo', 'done', 'failed', 'skipped', 'waiting');

/** Lines that belong together and hold no item. */
const noise = fc.constantFrom<readonly string[]>(
  [''],
  ['', '   ', ''],
  ['A word in between.'],
  ['  - [ ] nested', '    - [?] deeper', '\t* [x] tab'],
  ['  - [ ] nested', '', '    text of it'],
  ['<!-- - [ ] hidden -->'],
  ['<!--', '- [ ] hidden', '', '## Items', '-->'],
  ['```md', '- [ ] hidden', '## Log', '```'],
  ['~~~~', '```', '- [?] hidden', '~~~', '~~~~'],
  ['- plain', '  ```', '  code', '  ```'],
  ['- ```', '  code', '  ```'],
  ['1. [ ] ordered'],
  ['> - [ ] quoted'],
  ['- [x](http://localhost/)'],
  ['### A heading below'],
  ['* * *'],
  ['a lone \r- [ ] return', '\u2028- [ ] no line'],
  ['| a | b |', '|---|---|'],
  ['ünïcödé 🎉 \u00a0 \u200b'],
  ['<details>', '', '</details>'],
);

const filler = fc.array(noise, { maxLength: 3 }).map((parts) => parts.flat());

const note = fc.constantFrom(
  '',
  '',
  ' ',
  ' see #12',
  '\t<!-- a note',
  ' `code` [x] ```',
  ' 🎉  ',
  ' lone \r return',
  ' \u2028 ',
);

interface ItemParts {
  readonly id: string;
  readonly state: ItemState;
  readonly bullet: string;
  readonly note: string;
  readonly before: readonly string[];
}

const items = fc.uniqueArray(
  fc.record<ItemParts>({
    id: anyId,
    state: anyState,
    bullet: fc.constantFrom('-', '*', '+'),
    note,
    before: filler,
  }),
  { minLength: 1, maxLength: 6, selector: ({ id }) => id },
);

const otherSection = fc
  .record({
    heading: fc.constantFrom('## Notes', '# Loose', '## Change Requests', '## Items of another kind ##'),
    lines: fc.array(
      fc.oneof(
        noise,
        fc.constantFrom<readonly string[]>(['- [ ] no item here'], ['- [?] nor here'], ['- a: text']),
      ),
      { maxLength: 4 },
    ),
  })
  .map(({ heading, lines }) => [heading, ...lines.flat()]);

const logSection = fc.oneof(
  fc.constant<readonly string[]>([]),
  filler.map((lines) => ['## Log', ...lines]),
  filler.map((lines) => ['## Log', '', '- a: said (2026-05-02T14:02:11Z)', ...lines]),
);

export const editedPlan: fc.Arbitrary<EditedPlan> = fc
  .record({
    hasMark: fc.boolean(),
    before: fc.array(otherSection, { maxLength: 1 }),
    items,
    between: fc.array(otherSection, { maxLength: 1 }),
    log: logSection,
    after: fc.array(otherSection, { maxLength: 1 }),
    eols: fc.oneof(
      fc.constant(['\n']),
      fc.constant(['\r\n']),
      fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 2, maxLength: 7 }),
    ),
    lastEol: fc.boolean(),
  })
  .map(({ hasMark, before, items, between, log, after, eols, lastEol }) => {
    const lines = ['# Regen plan: t', '', '- Target: `t`', '- Plan created: `2026-05-02T13:50:00Z`', ''];
    lines.push(...before.flat(), '## Items', '');
    const placed = items.map(({ id, state, ...parts }) => {
      lines.push(...parts.before);
      lines.push(`${parts.bullet} [${stateMarks[state]}] ${encodePlanId(id)}${parts.note}`);
      return { id, state, line: lines.length };
    });
    lines.push(...between.flat(), ...log, ...after.flat());
    const text = lines
      .map((line, index) => {
        const isLast = index === lines.length - 1;
        return line + (isLast && !lastEol ? '' : (eols[index % eols.length] ?? '\n'));
      })
      .join('');
    return { text: (hasMark ? '\uFEFF' : '') + text, items: placed };
  });
