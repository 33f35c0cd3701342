import { describe, expect, it } from 'vitest';
import { compareFailures, isSameFailure, isSameMessage } from '../../../src/model/test-report/compare.js';
import type { TestFailure } from '../../../src/model/test-report/report.js';

describe('the failures of two runs', () => {
  it('are fixed, still there or fresh', () => {
    const changes = compareFailures(
      [failure('a', 'x'), failure('b', 'x')],
      [failure('b', 'other words'), failure('c', 'x')],
    );

    expect(changes).toEqual({
      fixed: [failure('a', 'x')],
      still: [failure('b', 'other words')],
      fresh: [failure('c', 'x')],
    });
  });

  it('are told apart by their suites and files', () => {
    const changes = compareFailures(
      [{ ...failure('a', 'x'), suite: 'one' }],
      [{ ...failure('a', 'x'), suite: 'other' }],
    );

    expect(changes.still).toEqual([]);
  });

  it('are the same only with the same message', () => {
    expect(isSameFailure(failure('a', 'timed out after 50ms'), failure('a', 'timed out after 61ms'))).toBe(
      true,
    );
    expect(isSameFailure(failure('a', 'timed out after 50ms'), failure('a', 'is not defined'))).toBe(false);
    expect(isSameFailure(failure('a', 'x'), failure('b', 'x'))).toBe(false);
  });
});

describe('messages', () => {
  it.each([
    ['<Legend object at 0x7fe16d562bd0>', '<Legend object at 0x7f2f870d5e50>'],
    ['took 1.5s', 'took 12s'],
    ['connect ECONNREFUSED 127.0.0.1:41233', 'connect ECONNREFUSED 127.0.0.1:8080'],
    ['no file /tmp/a-8fj2/out.png', 'no file /tmp/a-00zz/out.png'],
    ['at 2026-01-02T10:11:12Z', 'at 2025-12-31T23:59:59.123Z'],
    ['worker 5b1e7f6a-0c1d-4b57-9d3e-3f3b0a4a9b11', 'worker 0a0a0a0a-0c1d-4b57-9d3e-3f3b0a4a9b22'],
    ['wrong\nat legend.js:12', 'wrong\nat legend.js:14'],
    ['process 4242 died', 'process 17 died'],
  ])('are the same but for what differs from run to run: %s', (one, other) => {
    expect(isSameMessage(one, other)).toBe(true);
  });

  it.each([
    ['expected 3 to be 4', 'expected 3 to be 5'],
    ['no file out.png', 'no file out.svg'],
    ['exit code 1', 'exit code 2'],
  ])('differ: %s', (one, other) => {
    expect(isSameMessage(one, other)).toBe(false);
  });
});

function failure(name: string, message: string): TestFailure {
  return { name, suite: null, title: name, file: 'a.test.js', line: 1, message };
}
