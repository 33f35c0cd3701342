import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillCommand, fillTemplate, placeholdersOf, shellQuote } from '../../src/model/template.js';

it('placeholders that have a value are filled, other braces are literal', () => {
  const filled = fillTemplate('{target}/{item} {unknown} {} {{item}} ${item} {a-b}', {
    target: 't',
    item: 'i',
  });

  expect(filled).toBe('t/i {unknown} {} {i} $i {a-b}');
});

it('what was put in is never read as a placeholder', () => {
  expect(fillTemplate('{a}{b}', { a: '{b}', b: '$&' })).toBe('{b}$&');
});

it('names of object methods are no placeholders', () => {
  expect(fillTemplate('{toString} {constructor}', {})).toBe('{toString} {constructor}');
});

it('a value in a command is one word', () => {
  expect(fillCommand('render {item} --to {target}', { item: 'a b; rm -rf', target: 'plain-1.0' })).toBe(
    "render 'a b; rm -rf' --to plain-1.0",
  );
});

it('the shell gets every value back as it was', () => {
  const values = ['', ' ', "it's", '$(id)', '`id`', '~', '*', '\\', 'a\nb', '"', '-n', '🎉', '[', '!x', '#'];
  const sample = [...values, ...fc.sample(fc.string({ unit: 'grapheme' }), { numRuns: 50, seed: 3 })];

  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${sample.map(shellQuote).join(' ')}`], {
    encoding: 'utf8',
  });

  expect(printed.split('\0').slice(0, -1)).toEqual(sample);
});

it('a template tells its placeholders', () => {
  expect(placeholdersOf('{target}/{item}-{item} {a-b} {}')).toEqual(['target', 'item', 'item']);
});
