/** The test runs of a conversation, each beside the one before. Pure. */
import type { Call, Thread } from './session.js';
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
  const runs: TestRunAt[] = [];
  let changedSince = true;
  const largest = largestRun(thread);
  for (const [index, { calls, at }] of thread.requests.entries()) {
    for (const call of calls) {
      const { test, result } = call;
      if (test === null || result?.test == null) {
        // Anything but looking may have changed what the tests see.
        if (!unchanging.has(call.kind)) changedSince = true;
        continue;
      }
      const before = runs.at(-1);
      const output = result.test;
      runs.push({
        index,
        call,
        ...test,
        output,
        isWhole: test.isTargeted !== true && (sizeOf(output) ?? 0) * 2 >= largest,
        failsAgain: output.failureKey !== null && output.failureKey === before?.output.failureKey,
        isUnchanged: !changedSince && before?.call.what === call.what,
        durationMs: result.at === null || at === null ? null : result.at - at,
      });
      changedSince = false;
    }
  }
  return runs;
}

const unchanging: ReadonlySet<Call['kind']> = new Set(['read', 'neutral', 'test']);

function largestRun(thread: Thread): number {
  return thread.requests.reduce(
    (most, { calls }) =>
      calls.reduce((largest, { result }) => Math.max(largest, sizeOf(result?.test ?? null) ?? 0), most),
    0,
  );
}

function sizeOf(output: TestOutput | null): number | null {
  return output?.passed == null ? null : output.passed + (output.failed ?? 0);
}
