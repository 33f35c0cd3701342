import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addIgnoreEntries } from '../../src/init/ignore-entries.js';

const entries = ['.regen-plan.md', '.regen/'];

function add(text: string): string {
  return addIgnoreEntries(Buffer.from(text), entries).bytes.toString();
}

test('an empty file gets every entry', () => {
  expect(add('')).toBe('.regen-plan.md\n.regen/\n');
});

test('only what is missing is added, however a present entry is written', () => {
  expect(add('dist/\n/.regen\n')).toBe('dist/\n/.regen\n.regen-plan.md\n');
});

test('a file without a last line end gets one first', () => {
  expect(add('dist/')).toBe('dist/\n.regen-plan.md\n.regen/\n');
});

test('a file with CRLF keeps them', () => {
  expect(add('dist/\r\n.regen/')).toBe('dist/\r\n.regen/\r\n.regen-plan.md\r\n');
});

test('a comment or a negation is no entry', () => {
  expect(add('#.regen/\n!.regen-plan.md\n')).toBe('#.regen/\n!.regen-plan.md\n.regen-plan.md\n.regen/\n');
});

test('whatever bytes the file holds stay in front, and a second time nothing is added', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (content) => {
      const before = Buffer.from(content);

      const once = addIgnoreEntries(before, entries);
      const twice = addIgnoreEntries(once.bytes, entries);

      expect(once.bytes.subarray(0, before.length)).toEqual(before);
      expect(twice).toEqual({ bytes: once.bytes, added: [] });
    }),
  );
});
