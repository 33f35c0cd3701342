/** CTest, with or without `--output-on-failure`. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader, TestCounts } from './report.js';

export function createCtest(): RunnerReader {
  const failures = createFailureList();
  let skipped = 0;
  let counts: TestCounts | null = null;
  return {
    get isListening() {
      return failures.current !== null;
    },
    line(text) {
      const test = /^ *\d+\/\d+ Test +#\d+: (.+?) \.*(?:\*\*\*| +)(\w[\w ]*?(?:: \w+)?) +[\d.]+ sec$/.exec(
        text,
      );
      const [, title = '', verdict = ''] = test ?? [];
      const sum = /tests passed, (\d+) tests? failed out of (\d+)/.exec(text);
      const listed = /^\t *\d+ - (.+) \((.+)\)$/.exec(text);
      if (test !== null) {
        failures.close();
        if (verdict === 'Skipped') skipped += 1;
        else if (verdict !== 'Passed') failures.open({ title }).message.push(verdict);
      } else if (sum !== null) {
        failures.close();
        const failed = Number(sum[1]);
        // What was skipped counts as passed there.
        counts = { passed: Math.max(0, Number(sum[2]) - failed - skipped), failed, skipped };
      } else if (listed !== null && !/^(?:Skipped|Disabled)$/.test(listed[2] ?? '')) {
        failures.open({ title: listed[1] ?? '' });
        failures.close();
      } else if (/^ *Start +\d+: /.test(text)) failures.close();
      else failures.say(text);
    },
    end: () =>
      counts === null ? null : { runner: 'ctest', counts, failures: failures.end(), abortedBy: null },
  };
}
