import { describe, expect, it } from 'vitest';
import { checksAnswer, violationAnswer } from '../../src/mcp/checks-answer.js';
import type { CheckResult } from '../../src/model/verdict.js';

const passed: CheckResult = {
  name: 'lint',
  ok: true,
  durationMs: 400,
  digest: null,
  notes: [],
  log: '/log/lint.log',
};
const failed: CheckResult = { ...passed, name: 'suite', ok: false, digest: 'exit code 1: 2 failed' };
const all = ['lint', 'suite', 'render'];

describe('what run_checks says', () => {
  it('names what passed when everything did', () => {
    const answer = checksAnswer([passed], { asked: ['lint'], all: ['lint'], products: null });

    expect(answer).toBe('All checks pass.\nPassed: lint (0.4 s).');
  });

  it('says which checks were not asked for, so that nobody takes some for all', () => {
    const answer = checksAnswer([passed], { asked: ['lint'], all, products: null });

    expect(answer).toBe('These checks pass; not asked for: suite, render.\nPassed: lint (0.4 s).');
  });

  it('gives the digest of what failed, and names what was not run for it', () => {
    const answer = checksAnswer([passed, failed], { asked: all, all, products: '/products' });

    expect(answer).toBe(`FAILED: suite (0.4 s).
Passed: lint (0.4 s).
Not run, since one before failed: render.
Their products: /products

## suite
exit code 1: 2 failed`);
  });

  it('counts a check as run when one of its variants was', () => {
    const results = [{ ...passed, name: 'render (theme=light)' }];

    expect(checksAnswer(results, { asked: ['render'], all: ['render'], products: null })).not.toContain(
      'Not run',
    );
  });

  it('stays within 2,000 characters, however much failed', () => {
    const results = ['a', 'b', 'c'].map((name) => ({ ...failed, name, digest: `${name} `.repeat(900) }));
    const answer = checksAnswer(results, { asked: ['a', 'b', 'c'], all, products: null });

    expect(answer.length).toBeLessThanOrEqual(2000);
    expect(['## a\na a', '## b\nb b', '## c\nc c'].every((start) => answer.includes(start))).toBe(true);
  });

  it('says what has to be undone before anything is run', () => {
    const violation = { path: 'tests/a.py', reason: 'it was changed, but this item may not write it' };

    expect(violationAnswer([violation])).toContain(
      '"tests/a.py": it was changed, but this item may not write it',
    );
    expect(violationAnswer(Array.from({ length: 200 }, () => violation)).length).toBeLessThanOrEqual(2000);
  });
});
