/** How long stages took, off the journals: each begins and ends there. */
import type { ItemRef, JournalRecord } from '../model/attempt.js';
import type { StageRun, StageTime, StageTimes } from '../model/report-page.js';
import type { Surroundings } from '../model/surroundings.js';
import { readableJournals } from './journal-files.js';

/** More of them are in the sums only. */
const mostSlowest = 20;

export interface StageTimesRead {
  readonly times: StageTimes;
  readonly unreadable: readonly string[];
}

/** A journal that can't be read leaves out its own times, and that is told. */
export async function readStageTimes(surroundings: Surroundings): Promise<StageTimesRead> {
  const { journals, unreadable } = await readableJournals(surroundings);
  const attempts = journals.map((journal) => stageRuns(journal.attempt, journal.records()));
  const interrupted = attempts.reduce((sum, attempt) => sum + attempt.interrupted, 0);
  const times = stageTimes(attempts.flatMap((attempt) => attempt.runs));
  return {
    times: { ...times, interrupted, unread: unreadable.length },
    unreadable: unreadable.map((line) => `${line}: the times of its stages are missing`),
  };
}

interface AttemptRuns {
  readonly runs: readonly StageRun[];
  /** How many runs began and were begun again: a kill cut them off. */
  readonly interrupted: number;
}

/** The stage runs of one attempt. Of one that was interrupted only the run that came to its end counts. */
export function stageRuns({ target, item }: ItemRef, records: readonly JournalRecord[]): AttemptRuns {
  const begun = new Map<string, string>();
  const runs: StageRun[] = [];
  let interrupted = 0;
  for (const { at, stage, round, effect, event } of records) {
    if (effect !== 'stage') continue;
    const key = `${stage} ${round}`;
    const since = begun.get(key);
    if (event === 'begin') {
      if (since !== undefined) interrupted += 1;
      begun.set(key, at);
    } else if (since !== undefined) {
      begun.delete(key);
      // A clock that was set back meanwhile makes no time negative.
      const durationMs = Math.max(0, Date.parse(at) - Date.parse(since));
      runs.push({ at: since, target, item, stage, round, durationMs });
    }
  }
  return { runs, interrupted };
}

/** Sums by stage, and the longest runs. */
export function stageTimes(runs: readonly StageRun[]): Omit<StageTimes, 'interrupted' | 'unread'> {
  const byStage = new Map<string, number[]>();
  for (const { stage, durationMs } of runs) {
    const durations = byStage.get(stage);
    if (durations === undefined) byStage.set(stage, [durationMs]);
    else durations.push(durationMs);
  }
  return {
    stages: [...byStage]
      .map(([stage, durations]) => stageTime(stage, durations))
      .sort((left, right) => right.totalMs - left.totalMs),
    slowest: [...runs].sort((left, right) => right.durationMs - left.durationMs).slice(0, mostSlowest),
  };
}

function stageTime(stage: string, unsorted: readonly number[]): StageTime {
  const durations = [...unsorted].sort((left, right) => left - right);
  const quantile = (share: number): number => durations[Math.ceil(share * durations.length) - 1] ?? 0;
  return {
    stage,
    runs: durations.length,
    totalMs: durations.reduce((sum, duration) => sum + duration, 0),
    medianMs: quantile(0.5),
    p90Ms: quantile(0.9),
    maxMs: quantile(1),
  };
}
