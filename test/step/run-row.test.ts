import { describe, expect, it } from 'vitest';
import { noUsage } from '../../src/model/usage.js';
import { differenceText } from '../../src/step/differences.js';
import { runRow } from '../../src/step/run-row.js';
import type { RunEnd, RunPlace } from '../../src/step/run-row.js';
import { messageRow } from '../support/ledger-rows.js';

const place: RunPlace = {
  ...{ plan: 'p', target: 't', item: 'i', uuid: 'a', stage: 'agent', round: 1 },
  ...{ session: 's', run: 'agent-1-s', prefixHash: 'hash' },
};
const end: RunEnd = {
  at: new Date('2026-11-20T12:00:00Z'),
  ...{ outcome: 'completed', durationMs: 1234.4, reported: null },
};
const exact = messageRow({
  message: 'a',
  input: 1,
  cacheRead: 100,
  cacheWrite1h: 10,
  output: 5,
  costUsd: 0.25,
});
const estimate = messageRow({ message: 'b', input: 7, output: 9, costUsd: 0.5, isEstimate: true });
const reported = { input: 1, output: 5, cacheRead: 100, cacheWrite: 10, costUsd: 0.4 };

describe('a run’s row', () => {
  it('adds its messages up, the estimates once more apart', () => {
    const row = runRow(place, [exact, estimate], end);

    expect(row).toEqual({
      ...{ v: 2, kind: 'run', at: '2026-11-20T12:00:00.000Z', plan: 'p', target: 't', item: 'i' },
      ...{ stage: 'agent', round: 1, attempt: 'a', session: 's', run: 'agent-1-s', prefixHash: 'hash' },
      ...{ outcome: 'completed', durationMs: 1234, peakContext: 111, reported: null, difference: null },
      usage: {
        ...noUsage,
        requests: 2,
        input: 8,
        output: 14,
        cacheRead: 100,
        cacheWrite1h: 10,
        costUsd: 0.75,
      },
      estimated: { ...noUsage, requests: 1, input: 7, output: 9, costUsd: 0.5 },
    });
  });

  it('has no difference when the tokens agree, whatever the binary’s own price list says', () => {
    expect(runRow(place, [exact], { ...end, reported }).difference).toBeNull();
  });

  it('has the difference to what was booked exactly, also when an estimate fills it', () => {
    const more = { ...reported, input: 8, output: 14 };

    const { difference } = runRow(place, [exact, estimate], { ...end, reported: more });

    expect(difference).toEqual({
      input: 7,
      output: 9,
      cacheRead: 0,
      cacheWrite: 0,
      costUsd: expect.closeTo(0.15) as number,
    });
  });

  it('knows no difference in money when a model has no price', () => {
    const unpriced = { ...exact, costUsd: null };

    const { difference } = runRow(place, [unpriced], { ...end, reported: { ...reported, input: 0 } });

    expect(difference).toMatchObject({ input: -1, costUsd: null });
  });

  it('has the largest prompt of its requests, not that of calls known only as a sum', () => {
    const unlisted = messageRow({ message: 's:unlisted', input: 5000, isEstimate: true });

    expect(runRow(place, [exact, unlisted], end).peakContext).toBe(111);
  });
});

describe('what is said of a difference', () => {
  it('is nothing when there is none', () => {
    expect(differenceText(runRow(place, [exact], { ...end, reported }))).toBeNull();
  });

  it('names the run, the kinds of tokens, and what the ledger does about it', () => {
    const row = runRow(place, [exact, estimate], { ...end, reported: { ...reported, input: 8, output: 3 } });

    expect(differenceText(row)).toBe(
      'run agent-1-s: Claude Code counts 7 input tokens more, 2 output tokens fewer than its messages come to; the estimates in the ledger stand for what no record shows',
    );
  });
});
