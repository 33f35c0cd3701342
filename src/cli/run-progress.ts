/** What a run shows while it goes on: one line that is rewritten on a terminal, lines otherwise, JSON lines if asked. */
import type { Surroundings } from '../model/surroundings.js';
import { progressLine, stepLine, waitLine } from '../report/run-text.js';
import type { RunObserver } from '../run/run.js';
import type { StepEnd } from '../run/step-end.js';
import type { Reporter } from './reporter.js';

interface Settings {
  readonly surroundings: Pick<Surroundings, 'now'>;
  /** `--jsonl` */
  readonly isStream: boolean;
}

const refreshMs = 1000;

/** The observer; disposing takes the line away, and may be done twice. */
export function observeRun(
  reporter: Reporter,
  { surroundings, isStream }: Settings,
): Disposable & { readonly observer: RunObserver } {
  const startedAt = surroundings.now();
  const said = new Map<number, string>();
  let where: Parameters<RunObserver['stands']> | null = null;
  let announced: Date | null = null;
  const refresh = (): void => {
    if (where === null) return;
    const [plan, usage] = where;
    const elapsedMs = surroundings.now().getTime() - startedAt.getTime();
    reporter.live(progressLine({ plan, usage, elapsedMs, at: [...said.values()] }));
  };
  const timer = reporter.isLive ? setInterval(refresh, refreshMs) : undefined;
  const observer: RunObserver = {
    said(step, line) {
      said.set(step, line);
      if (reporter.isLive) refresh();
      else reporter.progress(line);
    },
    ended(step, end) {
      said.delete(step);
      if (isStream) recordEnd(reporter, end);
      reporter.progress(textOf(end));
      refresh();
    },
    sleeps(until, reason) {
      if (announced?.getTime() === until.getTime()) return;
      announced = until;
      reporter.progress(waitLine(until, reason));
    },
    stands(plan, usage) {
      where = [plan, usage];
      refresh();
    },
  };
  return {
    observer,
    [Symbol.dispose]() {
      clearInterval(timer);
      reporter.live(null);
    },
  };
}

/** A killed step has printed nothing. */
function recordEnd(reporter: Reporter, end: StepEnd): void {
  if (end.kind !== 'killed' && end.document !== null) reporter.record(end.document);
}

function textOf(end: StepEnd): string {
  switch (end.kind) {
    case 'step':
      return stepLine(end.result);
    case 'error':
      return `a step stopped (${end.code}): ${end.reason}`;
    case 'killed':
      return `a step was ended by ${end.signal}; the next one goes on from there`;
  }
}
