import { formatDuration } from '../../model/duration.js';
import type { TestRunAt } from '../test-runs.js';
import { carriedResults, inEachThread, needless } from './detector.js';
import type { Detector, Found } from './detector.js';
import type { WeighedThread } from '../weigh.js';

/** A run with more failures than this is worth seeing whole again. */
const few = 10;

/** The whole suite run again after a run with few failures, or without any change since. */
export const suiteReruns: Detector = {
  id: 'suite-reruns',
  rule: 'R6',
  title: 'whole test suites run again for a few failures, or unchanged',
  recommendation:
    'Run only the failing tests until they pass, then the whole suite once: in regen.yaml "targeted: … {failed}" of a check. Compare with the base first: a test that fails there is not the agent’s.',
  find: inEachThread((thread) =>
    thread.testRuns.flatMap((run, number, runs) => {
      const before = runs[number - 1];
      return before === undefined ? [] : rerun(thread, run, before);
    }),
  ),
};

function rerun(thread: WeighedThread, run: TestRunAt, before: TestRunAt): readonly Found[] {
  const failed = before.output.failed ?? 0;
  const isForFew = before.isWhole && run.isWhole && failed > 0 && failed <= few;
  const isPointless = run.isUnchanged && before.output.outcome !== 'aborted';
  if (!isForFew && !isPointless) return [];
  const cost = isPointless
    ? needless(thread, run.index, [run.call])
    : carriedResults(thread, run.index, [run.call]);
  return [{ requests: [run.index + 1], what: describe(run, failed), count: 1, ...cost }];
}

function describe(run: TestRunAt, failedBefore: number): string {
  const facts = [
    failedBefore > 0 ? `after ${failedBefore} failed` : null,
    `${run.output.failed ?? '?'} failed, ${run.output.passed ?? '?'} passed`,
    run.failsAgain ? 'the same failures again' : null,
    run.isUnchanged ? 'nothing was changed in between' : null,
    run.durationMs === null ? null : formatDuration(run.durationMs),
  ];
  return `${run.call.what}: ${facts.filter((fact) => fact !== null).join(', ')}`;
}
