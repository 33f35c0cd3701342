import { expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import { stageRuns, stageTimes } from '../../src/step/stage-times.js';

const ref = { target: 'alpha', item: 'one' };

function record(
  second: number,
  event: 'begin' | 'end',
  { stage = 'agent', round = 0, effect = 'stage' }: { stage?: string; round?: number; effect?: string } = {},
): JournalRecord {
  const at = new Date(Date.UTC(2026, 10, 20, 8, 0, second)).toISOString();
  return { v: 1, at, attempt: 'a', stage, round, effect, event, data: {} };
}

it('a stage lasts from its begin to its end, each round for itself; effects within it are its own', () => {
  const found = stageRuns(ref, [
    record(0, 'begin'),
    record(1, 'begin', { effect: 'run' }),
    record(3, 'end', { effect: 'run' }),
    record(4, 'end'),
    record(4, 'begin', { stage: 'check' }),
    record(6, 'end', { stage: 'check' }),
    record(6, 'begin', { round: 1 }),
    record(9, 'end', { round: 1 }),
  ]);

  expect(found).toEqual({
    interrupted: 0,
    runs: [
      { at: '2026-11-20T08:00:00.000Z', ...ref, stage: 'agent', round: 0, durationMs: 4000 },
      { at: '2026-11-20T08:00:04.000Z', ...ref, stage: 'check', round: 0, durationMs: 2000 },
      { at: '2026-11-20T08:00:06.000Z', ...ref, stage: 'agent', round: 1, durationMs: 3000 },
    ],
  });
});

it('the time until a kill counts as none; the run that went on afterwards does', () => {
  const found = stageRuns(ref, [record(0, 'begin'), record(50, 'begin'), record(57, 'end')]);

  expect(found.interrupted).toBe(1);
  expect(found.runs.map(({ durationMs }) => durationMs)).toEqual([7000]);
});

it('a stage at work has no time yet, and a clock set back makes none negative', () => {
  const found = stageRuns(ref, [
    record(9, 'begin'),
    record(5, 'end'),
    record(6, 'begin', { stage: 'check' }),
  ]);

  expect(found.runs.map(({ stage, durationMs }) => [stage, durationMs])).toEqual([['agent', 0]]);
});

it('stages come with the longest sum first, runs with the longest first', () => {
  const run = (stage: string, durationMs: number) => ({ at: '', ...ref, stage, round: 0, durationMs });
  const agents = Array.from({ length: 10 }, (_none, index) => run('agent', (index + 1) * 100));

  const { stages, slowest } = stageTimes([run('check', 6000), ...agents]);

  expect(stages).toEqual([
    { stage: 'check', runs: 1, totalMs: 6000, medianMs: 6000, p90Ms: 6000, maxMs: 6000 },
    { stage: 'agent', runs: 10, totalMs: 5500, medianMs: 500, p90Ms: 900, maxMs: 1000 },
  ]);
  expect(slowest.slice(0, 3).map(({ durationMs }) => durationMs)).toEqual([6000, 1000, 900]);
});
