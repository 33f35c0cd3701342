/** Maven's Surefire. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader, TestCounts } from './report.js';

export function createMaven(): RunnerReader {
  const failures = createFailureList();
  let counts: TestCounts | null = null;
  let abortedBy: string | null = null;
  let hasSeen = false;
  let isCompiling = false;

  /** `sample.LegendTest.draws -- Time elapsed: 0.03 s <<< FAILURE!`, before its message and trace. */
  function fail(heading: string): void {
    const [, className = '', method = ''] = /^(?:(\S+)\.)?([^.\s(]\S*?)(?:\((\S+)\))?$/.exec(heading) ?? [];
    const owner = /\((\S+)\)$/.exec(heading)?.[1] ?? className;
    const simple = owner.split('.').at(-1) ?? owner;
    failures.open({
      title: `${owner}.${method}`,
      name: `${simple}#${method.replace(/\(.*\)|\{.*\}.*|\[.*$/g, '')}`,
      suite: owner,
    });
  }

  return {
    get isListening() {
      return failures.current !== null;
    },
    line(raw) {
      const text = raw.replace(/^\[(?:ERROR|INFO|WARNING)\] ?/, '');
      hasSeen ||= text !== raw && /surefire|failsafe|T E S T S/.test(text);
      const found = /^Tests run: (\d+), Failures: (\d+), Errors: (\d+)(?:, Skipped: (\d+))?$/.exec(text);
      const failed = /^(\S.*?)(?: +--)? +Time elapsed: [\d.,]+ ?\w+ +<<< (?:FAILURE|ERROR)!$/.exec(text)?.[1];
      if (found !== null) {
        hasSeen = true;
        const [run = 0, broken = 0, errors = 0, skipped = 0] = found
          .slice(1)
          .map((digits) => Number(digits || 0));
        counts = { passed: Math.max(0, run - broken - errors - skipped), failed: broken + errors, skipped };
        failures.close();
      } else if (failed !== undefined) {
        if (!failed.startsWith('Tests run:')) fail(failed);
      } else if (/^COMPILATION ERROR/.test(text)) isCompiling = true;
      else if (isCompiling && abortedBy === null && /\.\w+:\[\d+,\d+\]/.test(text)) {
        [abortedBy, hasSeen] = [text, true];
      } else if (text === raw) failures.say(text);
      else failures.close();
    },
    end() {
      if (!hasSeen || (counts === null && abortedBy === null)) return null;
      const told = counts ?? { passed: null, failed: null, skipped: null };
      return { runner: 'maven', counts: told, failures: failures.end(), abortedBy };
    },
  };
}
