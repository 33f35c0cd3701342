/** The test runs of a conversation, each beside the one before. Pure. */
import type { Call, Thread } from './session.js';
import type { TestCommand } from './test-command.js';
import type { TestOutput } from './test-output.js';

export interface TestRunAt {
  /** Of the request, from 0. */
  readonly index: number;
  readonly call: Call;
  readonly framework: string;
  readonly isTargeted: boolean | null;
  readonly output: TestOutput;
  /** The whole suite: it names no tests and ran at least half as many as any other run. */
  readonly isWhole: boolean;
  readonly failsAgain: boolean;
  readonly isUnchanged: boolean;
  readonly durationMs: number | null;
}

export function testRunsOf(thread: Thread): readonly TestRunAt[] {
  const runs = runsIn(thread);
  const largest = runs.reduce((most, { output }) => Math.max(most, sizeOf(output) ?? 0), 0);
  return runs.map(({ index, call, test, output, isChanged, from, to }, number) => {
    const before = runs[number - 1];
    return {
      ...{ index, call, output, ...test },
      isWhole: test.isTargeted !== true && (sizeOf(output) ?? 0) * 2 >= largest,
      failsAgain: output.failureKey !== null && output.failureKey === before?.output.failureKey,
      isUnchanged: !isChanged && before?.call.what === call.what,
      durationMs: from === null || to === null ? null : to - from,
    };
  });
}

interface Run {
  readonly index: number;
  readonly call: Call;
  readonly test: TestCommand;
  readonly output: TestOutput;
  /** Since the run before, as far as the calls tell. */
  readonly isChanged: boolean;
  readonly from: number | null;
  readonly to: number | null;
}

function runsIn(thread: Thread): readonly Run[] {
  const runs: Run[] = [];
  let isChanged = true;
  for (const [index, { calls, at }] of thread.requests.entries()) {
    for (const call of calls) {
      const { test, result } = call;
      if (test !== null && result?.test != null) {
        runs.push({ index, call, test, output: result.test, isChanged, from: at, to: result.at });
        isChanged = false;
        continue;
      }
      // Anything but looking may have changed what the tests see.
      if (!unchanging.has(call.kind)) isChanged = true;
      const last = runs.at(-1);
      // What ran in the background, or into a file, ended by the time that a look shows its summary.
      if (result?.test != null && last?.output.outcome === 'unknown')
        runs[runs.length - 1] = { ...last, output: result.test, to: result.at };
    }
  }
  return runs;
}

const unchanging: ReadonlySet<Call['kind']> = new Set(['read', 'neutral', 'test']);

function sizeOf(output: TestOutput | null): number | null {
  return output?.passed == null ? null : output.passed + (output.failed ?? 0);
}
