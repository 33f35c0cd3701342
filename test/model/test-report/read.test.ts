import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestReport, readTestReport } from '../../../src/model/test-report/read.js';
import type { TestReport } from '../../../src/model/test-report/report.js';
import { javascriptRuns } from './expected-javascript.js';
import { otherRuns } from './expected-others.js';
import type { Expected } from './expected.js';
import { fixture } from './fixture-files.js';

const expectations = [...javascriptRuns, ...otherRuns];

describe('what a runner printed', () => {
  it.each(expectations)('is read: $fixture', (expected) => {
    const report = readTestReport(fixture(expected.fixture), factsOf(expected));

    expect(told(report)).toEqual(expectedOf(expected));
  });

  it('is read alike wherever its chunks end', () => {
    const chunked = fc.tuple(
      fc.constantFrom(...expectations),
      fc.array(fc.nat({ max: 20_000 }), { maxLength: 60 }),
      fc.boolean(),
    );

    fc.assert(
      fc.property(chunked, ([expected, ends, byLittle]) => {
        const text = fixture(expected.fixture).slice(0, 20_000);
        const cuts = byLittle ? ends.map((end) => end % 400) : ends;

        const report = inChunks(text, cuts, expected);

        expect(report).toEqual(readTestReport(text, factsOf(expected)));
      }),
      { numRuns: 150 },
    );
  });

  it('is told alike wherever it ran: folders of the run have words of their own', () => {
    const at = (cwd: string, home: string) =>
      readTestReport(
        `FAILED test_a.py::test_a - AssertionError: ${cwd} has no ${home}/.rc, see ${cwd}/log\n=== 1 failed, 1 passed in 0.1s ===\n`,
        { hasFailed: true, directory: cwd, folders: { [home]: '~' } },
      );

    const [one, other] = [
      at('/srv/a/item', '/srv/runs/1/home'),
      at('/srv/a/item..base', '/srv/runs/1/base/home'),
    ];

    expect(one.failures[0]?.message).toBe('AssertionError: . has no ~/.rc, see log');
    expect(other.failures).toEqual(one.failures);
  });

  it('is read through carriage returns of other systems', () => {
    const text = fixture('pytest').replaceAll('\n', '\r\n');

    const report = readTestReport(text, { hasFailed: true, directory: '/project' });

    expect(report).toEqual(readTestReport(fixture('pytest'), { hasFailed: true, directory: '/project' }));
  });
});

describe('a long output', () => {
  it('costs little memory: failures are bounded, counts are whole', () => {
    const collector = createTestReport();
    for (let number = 0; number < 3000; number += 1)
      collector.add(`FAILED a_test.py::test[${number}] - ${'x'.repeat(2000)}\n`);
    collector.add('3000 failed, 2 passed in 9.1s\n');

    const { counts, failures } = collector.report({ hasFailed: true });

    expect(counts).toEqual({ passed: 2, failed: 3000, skipped: 0 });
    expect(failures.length).toBe(1000);
    expect(Math.max(...failures.map(({ message }) => message.length))).toBe(300);
  });

  it('is read past a line that doesn’t end', () => {
    const collector = createTestReport();
    for (let times = 0; times < 300; times += 1) collector.add(`\u001B[31m${'😀'.repeat(5000)}\r`);
    collector.add('\n1 failed, 3 passed in 0.2s\n');

    expect(collector.report({ hasFailed: true }).counts).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('shows of a line that redraws itself what stood there last', () => {
    const output = ' 10%\r 50%\r\u001B[2Ktest a::b ... FAILED\ntest result: FAILED. 0 passed; 1 failed;\n';

    expect(readTestReport(output, { hasFailed: true }).failures.map(({ name }) => name)).toEqual(['a::b']);
  });
});

describe('two runs in one output', () => {
  const first = 'FAILED a.py::b - x\nFAILED a.py::c - x\n2 failed, 5 passed in 1s\n';

  it('are a first try and a second one when the second fails at the same', () => {
    const report = readTestReport(`${first}FAILED a.py::c - x\n1 failed, 1 passed in 1s\n`, {
      hasFailed: true,
    });

    expect(told(report)).toMatchObject({ run: 'pytest: failed 1/1/0', failing: [['a.py::c', 'a.py']] });
  });

  it('are two suites when the second passes and the command fails all the same', () => {
    const report = readTestReport(`${first}6 passed in 2.0s\n`, { hasFailed: true });

    expect(told(report)).toMatchObject({
      run: 'pytest: failed 2/11/0',
      failing: [
        ['a.py::b', 'a.py'],
        ['a.py::c', 'a.py'],
      ],
    });
  });

  it('are what the last one says when the command succeeds', () => {
    const report = readTestReport(`${first}6 passed in 2.0s\n`, { hasFailed: false });

    expect(told(report)).toMatchObject({ run: 'pytest: passed 0/6/0', failing: [] });
  });
});

describe('a command that fails while its tests pass', () => {
  it('has failed, and the line that complains is told', () => {
    const report = readTestReport('6 passed in 2.0s\nERROR: Coverage of 71% is below 80%\n', {
      hasFailed: true,
    });

    expect(told(report)).toEqual({
      run: 'pytest: failed 0/6/0',
      failing: [],
      abortedBy: 'ERROR: Coverage of 71% is below 80%',
      isEnvironment: false,
    });
  });
});

describe('a module that is missing', () => {
  it.each([
    ["Error: Cannot find module 'left-pad'", true],
    ["Error: Cannot find module './legend.js'", false],
    ["Error: Cannot find module '/project/src/legend.js' imported from /project/a.test.js", false],
    ["ModuleNotFoundError: No module named 'numpy'", true],
    ["ImportError: cannot import name 'legend' from 'charts'", false],
    ['sh: 1: vitest: not found', true],
  ])('is the environment’s or the code’s: %s', (output, isEnvironment) => {
    const report = readTestReport(output, { hasFailed: true });

    expect(report).toMatchObject({ outcome: 'aborted', abortedBy: output, isEnvironment });
  });
});

function factsOf({ run }: Expected): { hasFailed: boolean; directory: string } {
  const hasPassed = / passed | aborted 0\/0\/0$/.test(run) && !/^(?:nobody)/.test(run);
  return { hasFailed: !hasPassed, directory: '/project' };
}

function told(report: TestReport): Omit<Expected, 'fixture'> {
  const { runner, outcome, counts, failures, abortedBy, isEnvironment } = report;
  const [failed, passed, skipped] = [counts.failed, counts.passed, counts.skipped].map(
    (count) => count ?? '?',
  );
  return {
    run: `${runner ?? 'nobody'}: ${outcome} ${failed}/${passed}/${skipped}`,
    failing: failures.map(({ name, file, line }) => [
      name,
      [file, line].filter((part) => part !== null).join(':'),
    ]),
    ...(abortedBy === null ? {} : { abortedBy, isEnvironment }),
  };
}

function expectedOf({ fixture: _, ...expected }: Expected): Omit<Expected, 'fixture'> {
  return expected;
}

function inChunks(text: string, ends: readonly number[], expected: Expected): TestReport {
  const collector = createTestReport();
  let from = 0;
  for (const to of [...ends, text.length].toSorted((one, other) => one - other)) {
    collector.add(text.slice(from, to));
    from = to;
  }
  return collector.report(factsOf(expected));
}
