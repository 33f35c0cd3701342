import { describe, expect, it } from 'vitest';
import { exitStatusOfRun } from '../../src/model/run-report.js';
import type { RunReport } from '../../src/model/run-report.js';
import type { Plan } from '../../src/model/plan.js';
import { noUsage } from '../../src/model/usage.js';
import { progressLine, runText, stepLine } from '../../src/report/run-text.js';
import type { RunDetail } from '../../src/report/run-text.js';

const counts = {
  ...{ planned: 1, shipped: 2, unchanged: 0, failed: 0, skipped: 0 },
  ...{ waiting: 0, archived: 1, nothing: 0 },
};
const usage = { ...noUsage, input: 41_200, costUsd: 0.31 };

const empty = {
  name: 'Total',
  usage: noUsage,
  pricedUsd: 0,
  estimated: noUsage,
  sessions: 0,
  peakContext: 0,
  durationMs: 0,
};
const nothing: RunDetail = {
  table: { rows: [], total: empty, orchestrator: null, outside: noUsage },
  failed: null,
  failures: { areInPlan: false, archived: [], hasPlan: false },
  links: [],
};

function report(change: Partial<RunReport> = {}): RunReport {
  return { steps: 4, counts, usage, stopped: 'done', reason: null, retryAt: null, ...change };
}

describe('a run, for a person', () => {
  it.each<[Partial<RunReport>, string]>([
    [{}, 'Done. Run regen run for the next target.'],
    [{ stopped: 'max-usd' }, 'Stopped at --max-usd. Run regen run again to go on.'],
    [
      { stopped: 'wait', reason: 'the limit is used up', retryAt: '2026-05-02T14:00:00.000Z' },
      'Waiting: the limit is used up. Run regen run again at or after 2026-05-02T14:00:00.000Z, or with --wait.',
    ],
    [{ stopped: 'environment', reason: 'there is no git.' }, 'Stopped (environment): there is no git.'],
    [
      { stopped: 'interrupted', reason: 'interrupted by SIGINT' },
      'Interrupted. Run regen run again: it goes on from the last finished effect.',
    ],
  ])('ends with why it stopped and what comes next: %j', (change, ending) => {
    expect(runText(report(change), nothing)).toBe(
      `4 steps: 2 shipped, 1 archived; 41.2k tokens, $0.31.\n${ending}`,
    );
  });

  it('shows what its stages took, what failures took of it, and the pull requests', () => {
    const agent = { ...empty, name: 'agent', usage: { ...usage, requests: 3, output: 5000 } };
    const table = { ...nothing.table, rows: [agent], total: { ...agent, name: 'Total' } };
    const links = Array.from({ length: 21 }, (_, index) => `https://forge.example/pull/${index + 1}`);
    const failed = { ...usage, requests: 1, input: 1000, costUsd: 0.02 };

    const text = runText(report(), { ...nothing, table, links, failed });

    expect(text.split('\n').slice(1, 6)).toEqual([
      '  tokens  uncached  output  read  write   cost',
      '  agent      41.2k    5.0k     0      0  $0.31',
      '  Total      41.2k    5.0k     0      0  $0.31',
      'Failed items took 1.0k tokens, $0.02 of it.',
      '  https://forge.example/pull/1',
    ]);
    expect(text).toContain('pull/20\n  and 1 more pull requests\nDone.');
  });

  it('says how to set back what failed, as long as its plan is there', () => {
    const failures = { ...nothing.failures, areInPlan: true, hasPlan: true };
    const failed = { ...counts, archived: 0, failed: 1 };

    const limited = runText(report({ counts: failed, stopped: 'max-steps' }), { ...nothing, failures });
    const removed = runText(report({ counts: failed, stopped: 'plan-removed' }), { ...nothing, failures });

    expect(limited).toContain('"regen retry --failed" sets it back');
    expect(removed).not.toContain('retry');
  });

  it('names the archive of what failed, and what makes its next plan', () => {
    const archived = [{ target: 'early autumn', end: 'moved to .regen-history/early.md' }];
    const failed = report({ counts: { ...counts, failed: 1 } });
    const text = (hasPlan: boolean): string | undefined =>
      runText(failed, { ...nothing, failures: { areInPlan: false, archived, hasPlan } })
        .split('\n')
        .at(-1);

    const where =
      'What failed in early autumn is marked [!] in its plan, which was moved to .regen-history/early.md';
    const next = `"regen plan 'early autumn'" makes the next one, which has it again.`;
    expect(text(false)).toBe(`${where}; ${next}`);
    expect(text(true)).toBe(`${where}; once the present plan is done, ${next}`);
  });

  it('has one line for a step, and one for where it stands', () => {
    const pr = { number: 12, url: 'https://forge/o/r/pull/12', branch: 'b' };
    const rest = { target: 'autumn', item: 'bold', reason: null, usage, durationMs: 93_000 };

    expect(stepLine({ ...rest, outcome: 'shipped', pr })).toBe(
      'autumn/bold shipped: https://forge/o/r/pull/12 (41.2k tokens, $0.31, 93 s)',
    );
    expect(stepLine({ ...rest, item: null, outcome: 'planned', reason: 'the oldest', pr: null })).toBe(
      'autumn planned: the oldest',
    );
    expect(progressLine({ plan: plan(), usage, elapsedMs: 245_000, at: ['calm: agent'] })).toBe(
      '2 of 3 items | $0.31 | 4 m 05 s | calm: agent',
    );
  });
});

describe('the exit status of a run', () => {
  it.each<[Partial<RunReport>, number]>([
    [{}, 0],
    [{ stopped: 'max-minutes' }, 0],
    [{ stopped: 'plan-removed' }, 0],
    [{ counts: { ...counts, failed: 1 } }, 1],
    [{ stopped: 'wait' }, 75],
    [{ stopped: 'wait', counts: { ...counts, failed: 1 } }, 1],
    [{ stopped: 'config' }, 2],
    [{ stopped: 'environment' }, 3],
    [{ stopped: 'bug' }, 70],
    [{ stopped: 'interrupted', counts: { ...counts, failed: 1 } }, 130],
  ])('of %j is %i', (change, status) => {
    expect(exitStatusOfRun(report(change))).toBe(status);
  });
});

function plan(): Plan {
  const item = { line: 1, note: '' };
  return {
    ...{ target: 'autumn', title: null, updated: null, base: null, created: null, heading: 'Items' },
    ...{ changeRequests: [], log: [] },
    items: [
      { id: 'bold', state: 'done', ...item },
      { id: 'calm', state: 'todo', ...item },
      { id: 'wry', state: 'failed', ...item },
    ],
  };
}
