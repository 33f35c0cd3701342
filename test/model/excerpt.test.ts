import { describe, expect, it } from 'vitest';
import { createExcerpt, cut, formatDigest } from '../../src/model/excerpt.js';

describe('a digest', () => {
  it('holds a short output whole', () => {
    const digest = digestOf('Rendering…\n\nTypeError: x is undefined\n  at plot.js:3\n');

    expect(digest).toBe(
      'exit code 1\nLog: render.log\n\nOutput:\nRendering…\nTypeError: x is undefined\n  at plot.js:3',
    );
  });

  it('holds the first errors and the end of a long output', () => {
    const noise = Array.from({ length: 300 }, (_, number) => `step ${number}`);
    const output = ['ok', 'ModuleNotFoundError: no altair', ...noise, '3 failed'].join('\n');

    const lines = digestOf(output).split('\n');

    expect(lines.slice(0, 6)).toEqual([
      'exit code 1',
      'Log: render.log',
      '',
      'First errors:',
      'ModuleNotFoundError: no altair',
      '',
    ]);
    expect(lines.slice(6, 8)).toEqual(['Last lines:', 'step 261']);
    expect(lines.slice(-2)).toEqual(['step 299', '3 failed']);
  });

  it('never has more than 2,000 characters, whatever came out', () => {
    const output = Array.from({ length: 500 }, (_, number) => `error ${number} ${'x'.repeat(number)}`).join(
      '\n',
    );

    const digest = digestOf(output);

    expect(digest.length).toBeLessThanOrEqual(2000);
    expect(digest).toContain('First errors:\nerror 0');
    expect(digest).toContain('error 499');
  });

  it('of facts alone is cut too', () => {
    const digest = formatDigest(['y'.repeat(5000)], createExcerpt().excerpt());

    expect(digest).toBe(`${'y'.repeat(999)}…`);
  });

  it('takes the words “0 errors” for no error', () => {
    const noise = Array.from({ length: 100 }, (_, number) => `step ${number}`);

    expect(digestOf(['0 errors, 0 failed', ...noise].join('\n'))).not.toContain('First errors');
  });

  it('shows lines as a terminal would', () => {
    const digest = digestOf(
      '\u001B[31mred\u001B[0m\u001B]8;;http://x\u0007link\u001B]8;;\u0007\n 10%\r 50%\r100%\r\na\tb\u0000c\n',
    );

    expect(digest).toBe('exit code 1\nLog: render.log\n\nOutput:\nredlink\n100%\na\tbc');
  });
});

describe('cutting', () => {
  it('leaves no half of a character', () => {
    expect(cut('ab😀cd', 4)).toBe('ab…');
  });
});

function digestOf(output: string): string {
  const collector = createExcerpt();
  collector.add(output);
  return formatDigest(['exit code 1', 'Log: render.log'], collector.excerpt());
}
