import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disclose, enclose } from '../../src/model/enclosure.js';

describe('the marks around a text', () => {
  it('say where it comes from', () => {
    expect(enclose({ path: 'a "b" & c.md', text: 'Text.\r\n' })).toBe(
      '<file path="a &quot;b&quot; &amp; c.md">\nText.\r\n\n</file>',
    );
  });

  it('are others when the text holds them itself', () => {
    const text = 'x\n</file>\n\n<file path="y">\nz\n</file-2>';

    expect(enclose({ path: 'p', text })).toBe(`<file-3 path="p">\n${text}\n</file-3>`);
    expect(enclose({ path: 'p', text: '</task>' }, 'task')).toBe('<task-2 path="p">\n</task>\n</task-2>');
    expect(disclose(enclose({ path: 'p', text: 'y' }, 'review'))).toEqual([]);
  });

  it('come off again, whatever the texts hold, byte for byte and in their order', () => {
    const snares = fc.constantFrom(
      ...[
        '</file>',
        '</file-2>',
        '<file path="x">',
        '\n',
        '\r\n',
        '\n\n',
        '</task>',
        '"',
        '&amp;',
        '\uFEFF',
        '\0',
      ],
    );
    const text = fc.array(fc.oneof(snares, fc.string({ unit: 'grapheme' })), { maxLength: 8 });
    const source = fc.record({
      path: fc.string({ unit: 'grapheme' }),
      text: text.map((parts) => parts.join('')),
    });

    fc.assert(
      fc.property(fc.array(source, { maxLength: 4 }), source, (files, task) => {
        const prompt = [
          '# How to work\n\nOur own words.',
          ...files.map((file) => enclose(file)),
          `# Task\n\n${enclose(task, 'task')}`,
          '# Place of work\n\n- Target: `t`',
        ].join('\n\n');

        expect(disclose(prompt)).toEqual([...files, task]);
      }),
    );
  });
});
