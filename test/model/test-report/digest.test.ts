import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFailures } from '../../../src/model/test-report/compare.js';
import { testDigest } from '../../../src/model/test-report/digest.js';
import { readTestReport } from '../../../src/model/test-report/read.js';
import { javascriptRuns } from './expected-javascript.js';
import { otherRuns } from './expected-others.js';
import { fixture } from './fixture-files.js';

const expectations = [...javascriptRuns, ...otherRuns];
const facts = { hasFailed: true, directory: '/project' };
const log = '.regen/runs/p/t/i/1/checks/0/suite.log';

describe('the digest of a run', () => {
  it.each(expectations.filter(({ run }) => !run.includes(': passed ')))(
    'names what failed, in at most 2,000 characters: $fixture',
    ({ fixture: name, failing, abortedBy }) => {
      const report = readTestReport(fixture(name), facts);

      const digest = testDigest(report, { log });

      const [first] = report.failures;
      expect(digest.length).toBeLessThanOrEqual(2000);
      expect(digest).toContain(`Log: ${log}`);
      expect(digest).toContain(first?.title ?? abortedBy);
      expect(digest).toContain(failing[0]?.[1] ?? '');
    },
  );

  it('tells counts, places and what each failure says', () => {
    const digest = testDigest(readTestReport(fixture('vitest'), facts), { log, ending: 'exit code 1' });

    expect(digest).toBe(`exit code 1; vitest: 4 failed, 2 passed, 1 skipped

✗ legend.test.js > legend > draws one entry per point (legend.test.js:7)
  AssertionError: expected [ 'A' ] to deeply equal [ 'a', 'b' ]
  - Expected
  + Received
    [
  -   "a",

✗ legend.test.js > legend > of "nothing" :: ünïcode ✓ > isn't there > at all (legend.test.js:12)
  TypeError: Cannot read properties of undefined (reading 'toUpperCase')
  at legend.js:2

✗ legend.test.js > legend > of "nothing" :: ünïcode ✓ > waits (legend.test.js:14)
  Error: Test timed out in 50ms.
  If this is a long-running test, pass a timeout value as the last argument or configure it globally with "testTimeout".

✗ legend.test.js > legend > adds 1 and 2 (legend.test.js:21)
  AssertionError: expected 3 to be 4 // Object.is equality
  - Expected
  + Received
  - 4
  + 3

Log: ${log}`);
  });

  it('tells sixty failures of one cause once', () => {
    const digest = testDigest(readTestReport(fixture('pytest-sixty'), facts), { log });

    expect(digest).toBe(`pytest: 60 failed, 0 passed

✗ test_prompt.py::test_asks[0] (test_prompt.py:5), and 59 more with the same error
  ValueError: redirected stdin is pseudofile, has no fileno()

Log: ${log}`);
  });

  it('tells what has changed since the run before', () => {
    const before = readTestReport('FAILED a.py::b - x\nFAILED a.py::c - x\n2 failed in 1s\n', facts);
    const now = readTestReport('FAILED a.py::c - x\nFAILED a.py::d - y\n2 failed in 1s\n', facts);

    const digest = testDigest(now, { log, changes: compareFailures(before.failures, now.failures) });

    expect(digest).toBe(`pytest: 2 failed, 0 passed
Since the last run: 1 fixed (a.py::b), 1 new (a.py::d), 1 as before

✗ a.py::c (a.py)
  x

✗ a.py::d (a.py)
  y

Log: ${log}`);
  });

  it('says how many failures it has no room for', () => {
    const output = Array.from({ length: 80 }, (_, n) => `FAILED a.py::test_${n} - error number ${n} of many`);
    const report = readTestReport([...output, '80 failed in 1s'].join('\n'), facts);

    const digest = testDigest(report, { log, limit: 600 });

    expect(digest.length).toBeLessThanOrEqual(600);
    expect(digest.split('\n\n').at(-2)).toBe('and 71 more: a.py::test_9, a.py::test_10, a.py::test_11, …');
  });

  it('is the first errors and the last lines of what no runner printed', () => {
    const report = readTestReport('rendering\nError: no such legend\n', facts);

    expect(testDigest(report, { log, ending: 'exit code 2' })).toBe(
      `exit code 2; Error: no such legend\nLog: ${log}\n\nOutput:\nrendering\nError: no such legend`,
    );
  });

  it('keeps to its limit, whatever the runner printed', () => {
    const runs = fc.array(fc.tuple(fc.string(), fc.string({ maxLength: 900 })), { maxLength: 50 });

    fc.assert(
      fc.property(runs, fc.integer({ min: 300, max: 2000 }), (failed, limit) => {
        const lines = failed.map(([name, message]) => `FAILED a.py::${name} - ${message}`);
        const report = readTestReport([...lines, `${failed.length} failed in 1s`].join('\n'), facts);

        expect(testDigest(report, { log, limit }).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
