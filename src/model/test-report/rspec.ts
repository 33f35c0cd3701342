/** RSpec. */
import { createFailureList } from './failure-list.js';
import type { RunnerReader, TestCounts } from './report.js';
import { numberBefore } from './runs.js';

export function createRspec(): RunnerReader {
  const failures = createFailureList();
  let counts: TestCounts | null = null;
  let isListing = false;
  let isLoading = false;
  let abortedBy: string | null = null;

  function read(text: string): void {
    const title = /^ {2}\d+\) (\S.*)$/.exec(text)?.[1];
    if (isLoading && abortedBy === null && /^ {2}\S/.test(text)) abortedBy = text.trim();
    else if (isListing && title !== undefined) failures.open({ title });
    else if (isListing) failures.say(text);
  }

  return {
    get isListening() {
      return isListing || isLoading;
    },
    line(text) {
      const summary = /^\d+ examples?, \d+ failures?\b.*$/.exec(text)?.[0];
      const [, place, title] = /^rspec (\S+) # (.*)$/.exec(text) ?? [];
      if (text === 'Failures:') isListing = true;
      else if (text === 'Failed examples:' || /^(?:Pending:|Finished in )/.test(text)) {
        isListing = false;
        failures.close();
      } else if (/^An error occurred while loading /.test(text)) isLoading = true;
      else if (summary !== undefined) counts = countsIn(summary);
      else if (place !== undefined) {
        const failure = failures.all.find((one) => one.title === title && one.name === title);
        if (failure !== undefined) [failure.name, failure.file] = [place, fileOf(place)];
      } else read(text);
    },
    end: () => (counts === null ? null : { runner: 'rspec', counts, failures: failures.end(), abortedBy }),
  };
}

function countsIn(summary: string): TestCounts {
  const failed = numberBefore(summary, 'failures?');
  const skipped = numberBefore(summary, 'pending');
  return { passed: Math.max(0, numberBefore(summary, 'examples?') - failed - skipped), failed, skipped };
}

/** `./spec/a_spec.rb:6`, `./spec/a_spec.rb[1:3]` */
function fileOf(place: string): string {
  return place.replace(/^\.\//, '').replace(/(?::\d+|\[[\d:]+\])$/, '');
}
