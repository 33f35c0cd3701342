import { describe, expect, it } from 'vitest';
import { readTestOutput } from '../../src/profile/test-output.js';

function short(output: string, isError = false): string {
  const { outcome, passed, failed, detail } = readTestOutput(output, isError);
  return `${outcome} ${passed ?? '?'}/${failed ?? '?'}${detail === null ? '' : ` ${detail}`}`;
}

describe('readTestOutput', () => {
  it.each<[name: string, output: string, isError: boolean, told: string]>([
    ['pytest', '=== 7750 passed, 3 warnings in 301.22s (0:05:01) ===', false, 'passed 7750/0'],
    ['pytest -q', 'FAILED tests/a.py::b - x\n1 failed, 3 passed in 0.2s', true, 'failed 3/1 tests/a.py::b'],
    ['pytest errors', 'ERROR tests/a.py::b\n2 errors in 0.2s', true, 'failed 0/2 tests/a.py::b'],
    ['pytest without tests', '=== no tests ran in 0.01s ===', true, 'aborted 0/0 no tests ran in 0.01s'],
    ['two runs: the last one counts', '5 failed, 1 passed in 1.0s\n6 passed in 2.0s', false, 'passed 6/0'],
    [
      'vitest',
      ' FAIL  test/a.test.ts > legend > draws\n Test Files  1 failed (1)\n      Tests  2 failed | 30 passed (32)',
      true,
      'failed 30/2 test/a.test.ts > legend > draws',
    ],
    [
      'jest',
      '  ● legend › draws\n\nTests:       1 failed, 5 passed, 6 total',
      true,
      'failed 5/1 legend › draws',
    ],
    ['go', '--- FAIL: TestLegend (0.00s)\nFAIL\tx/y\t0.1s', true, 'failed ?/1 TestLegend'],
    ['go without -v', 'ok  \tx/y\t0.1s', false, 'passed ?/0'],
    [
      'cargo',
      'test a::b ... FAILED\ntest result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 1 failed; 0 ignored',
      true,
      'failed 4/1 a::b',
    ],
    [
      'Maven',
      '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s\n[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 1',
      true,
      'failed 2/2',
    ],
    ['Gradle', '5 tests completed, 1 failed', true, 'failed 4/1'],
    ['mocha', '  5 passing (20ms)\n  1 failing', true, 'failed 5/1'],
    ['node:test', '# pass 5\n# fail 0', false, 'passed 5/0'],
    ['unittest', 'Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1)', true, 'failed 3/2'],
    ['RSpec', '5 examples, 1 failure', true, 'failed 4/1'],
    ['PHPUnit', 'OK (5 tests, 9 assertions)', false, 'passed 5/0'],
    ['CTest', '90% tests passed, 1 tests failed out of 10', true, 'failed 9/1'],
    ['colours', '\u001B[31m1 failed\u001B[0m, 3 passed in 0.2s', true, 'failed 3/1'],
    ['bun', ' 5 pass\n 1 fail\nRan 6 tests across 2 files. [12.00ms]', true, 'failed 5/1'],
    [
      'a failure of nobody knows what',
      'case 7 differs\nError: 3 cases differ',
      true,
      'failed ?/? Error: 3 cases differ',
    ],
    [
      'a run out of time',
      'Command timed out after 10m 0s',
      true,
      'unknown ?/? Command timed out after 10m 0s',
    ],
    [
      'a run that was not allowed',
      'Claude requested permissions to use Bash, but you haven’t granted it yet.',
      true,
      'aborted 0/0 Claude requested permissions to use Bash, but you haven’t granted it yet.',
    ],
    [
      'no such task',
      'make: *** No rule to make target "test".  Stop.',
      true,
      'aborted 0/0 make: *** No rule to make target "test".  Stop.',
    ],
    ['a background task', 'Command running in background with ID: 1', false, 'unknown ?/?'],
    [
      'a virtual environment in the way, behind a pipe',
      'uv venv .venv\nerror: Failed to create virtual environment: a venv exists',
      false,
      'aborted 0/0 error: Failed to create virtual environment: a venv exists',
    ],
  ])('%s', (_name, output, isError, told) => {
    expect(short(output, isError)).toBe(told);
  });

  it('tells an environment that is to blame from code that doesn’t compile', () => {
    expect(readTestOutput("E   ModuleNotFoundError: No module named 'x'", true).isEnvironment).toBe(true);
    expect(
      readTestOutput('error[E0425]: cannot find value\nerror: could not compile', true).isEnvironment,
    ).toBe(false);
  });

  it('finds the summary of an output of megabytes at its end', () => {
    expect(short(`${'line of a log\n'.repeat(200_000)}1 failed, 3 passed in 0.2s`, true)).toBe('failed 3/1');
  });
});
