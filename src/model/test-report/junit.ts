/** JUnit's XML, as pytest, vitest, node, mocha, PHPUnit, Maven and others write it. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader } from './report.js';
import { createXml } from './xml.js';

export function createJunit(): RunnerReader {
  const failures = createFailureList();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let verdict: 'passed' | 'failed' | 'skipped' = 'passed';
  let test: ReadonlyMap<string, string> = new Map();
  /** The text of a failure; of other elements it is the test's own output. */
  let isTold = false;
  let hasSeen = false;

  function fail(attributes: ReadonlyMap<string, string>): void {
    verdict = 'failed';
    isTold = true;
    const name = test.get('name') ?? '';
    const suite = test.get('classname') ?? null;
    const line = Number(test.get('line') ?? Number.NaN);
    failures.open({
      title: suite === null || suite === 'test' || suite === '' ? name : `${suite} > ${name}`,
      name,
      suite,
      file: test.get('file') ?? (suite !== null && /\.[cm]?[jt]sx?$/.test(suite) ? suite : null),
      line: Number.isInteger(line) ? line : null,
    });
    const type = attributes.get('type') ?? '';
    const message = attributes.get('message') ?? '';
    const isTyped = /Error|Exception/.test(type) && !message.includes(type);
    const lines = message.split('\n');
    for (const [index, text] of lines.entries())
      failures.say(index === 0 && isTyped && text !== '' ? `${type}: ${text}` : text);
    hasMessage = message !== '';
  }
  let hasMessage = false;

  const xml = createXml({
    open(name, attributes) {
      if (name === 'testcase') [test, verdict] = [attributes, 'passed'];
      else if (name === 'failure' || name === 'error') fail(attributes);
      else if (name === 'skipped') verdict = 'skipped';
    },
    text(line) {
      // Once there is a message the text is mostly the trace.
      if (isTold && !(hasMessage && !/:\d+|line \d+/.test(line))) failures.say(line);
    },
    close(name) {
      if (name === 'failure' || name === 'error') isTold = false;
      if (name !== 'testcase') return;
      counts[verdict] += 1;
      failures.close();
    },
  });

  return {
    get isListening() {
      return hasSeen;
    },
    line(text) {
      hasSeen ||= /^\s*<testsuites?[\s>]/.test(text) || /^\s*<\?xml .*<testsuite/.test(text);
      if (hasSeen) xml.line(text);
    },
    end() {
      const isEmpty = counts.passed + counts.failed + counts.skipped === 0;
      return isEmpty ? null : { runner: 'junit', counts, failures: failures.end(), abortedBy: null };
    },
  };
}
