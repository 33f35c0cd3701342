import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { JournalRecord } from '../../src/model/attempt.js';
import { readStageTimes, stageRuns, stageTimes } from '../../src/step/stage-times.js';
import { makeScratch } from '../support/scratch.js';

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

it('a journal that can’t be read leaves out itself alone, and is told', async () => {
  await using scratch = await makeScratch();
  const opening = { ...ref, uuid: 'u', number: 1, plan: 'p', base: 'b', sessionId: 's' };
  const open = { ...record(0, 'begin', { stage: 'attempt', effect: 'open' }), data: opening };
  const good = [open, record(1, 'begin'), record(5, 'end')];
  const journals: Readonly<Record<string, readonly object[]>> = {
    'p/alpha/one/1': good,
    'p/alpha/one/2': [{ ...open, data: { target: 'alpha' } }, record(1, 'begin'), record(9, 'end')],
    'p/beta/%5B/1': good,
  };
  for (const [folder, records] of Object.entries(journals)) {
    const file = scratch.in('.regen', 'runs', folder, 'journal.jsonl');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, records.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  await mkdir(scratch.in('.regen', 'runs', 'p', 'beta', '%5B', '2', 'journal.jsonl'), { recursive: true });

  const { times, unreadable } = await readStageTimes({
    root: scratch.folder,
    env: {},
    now: () => new Date(0),
    newId: () => 'id',
    progress: () => undefined,
  });

  expect(times.stages.map(({ stage, runs, totalMs }) => [stage, runs, totalMs])).toEqual([
    ['agent', 2, 8000],
  ]);
  expect([times.interrupted, times.unread]).toEqual([0, 2]);
  expect(unreadable).toEqual([
    expect.stringMatching(/^\.regen\/runs\/p\/alpha\/one\/2\/journal\.jsonl:1 doesn't open an attempt: /),
    expect.stringContaining('journal.jsonl'),
  ]);
});
