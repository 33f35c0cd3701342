import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelInNote, modelNote } from '../../src/model/model-note.js';

it.each([
  ['(model: haiku)', 'haiku'],
  ['see #12 (Model:sonnet[1m] ) and more', 'sonnet[1m]'],
  ['(model: no such model)', 'no such model'],
  ['(model: a) (model: b)', 'a'],
  ['(a (model: qwen3:8b))', 'qwen3:8b'],
  ['(model: )', null],
  ['(model: haiku', null],
  ['model: haiku', null],
  ['', null],
])('finds in the note %j the model %j', (note, model) => {
  expect(modelInNote(note)).toBe(model);
});

it('reads back any name, whatever else the note says', () => {
  const name = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom('a)', '(', '%41', 'a b', ' '),
  );
  const rest = fc.constantFrom('', 'see #12 ', '(a) ', '((( ', ')', '<!-- -->');
  fc.assert(
    fc.property(name, rest, rest, (model, before, after) => {
      expect(modelInNote(`${before}${modelNote(model)}${after}`)).toBe(model);
      expect(modelNote(model)).toMatch(/^\(model: \S+\)$/u);
    }),
  );
});
