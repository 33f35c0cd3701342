import { describe, expect, it } from 'vitest';
import type { ItemState } from '../../src/model/plan.js';
import type { Status } from '../../src/model/status.js';
import { noUsage } from '../../src/model/usage.js';
import { statusText } from '../../src/report/status-text.js';

describe('the last line of the status', () => {
  it.each([
    ['the first open item', { bold: 'done', calm: 'todo', wry: 'todo' }, [], 'Next: regen does calm.'],
    ['one that isn’t at work', { bold: 'todo', calm: 'todo' }, ['bold'], 'Next: regen does calm.'],
    [
      'none while all that is open is at work',
      { bold: 'done', calm: 'todo' },
      ['calm'],
      'Next: nothing more to begin while these are at work.',
    ],
    ['what was handed off', { bold: 'waiting' }, [], 'Next: regen asks after what was handed off.'],
    ['the archive', { bold: 'done' }, [], 'Next: regen archives the plan.'],
  ] as const)('names %s', (_, items, running, expected) => {
    const text = statusText(status(items, running));

    expect(text.split('\n').at(-1)).toBe(expected);
  });
});

it('a pack is one line, and its items aren’t next', () => {
  const running = { item: 'pack-2', stage: 'worker', pid: 7, since: '2026-05-02T14:00:00.000Z' };
  const packed = { ...running, members: ['bold', 'calm'] };

  const lines = statusText({
    ...status({ bold: 'todo', calm: 'todo', wry: 'todo' }, []),
    running: [packed],
  }).split('\n');

  expect(lines.at(-2)).toBe('Running: pack-2 (2 items), worker (pid 7) since 2026-05-02T14:00:00.000Z');
  expect(lines.at(-1)).toBe('Next: regen does wry.');
});

it('an audit is told of before there is a plan', () => {
  const audit = { item: 'autumn', stage: 'audit', pid: 7, since: '2026-05-02T14:00:00.000Z' };

  const text = statusText({ ...status({}, []), target: null, running: [audit] });

  expect(text).toBe('No plan yet.\nRunning: autumn, audit (pid 7) since 2026-05-02T14:00:00.000Z');
});

function status(states: Readonly<Record<string, ItemState>>, running: readonly string[]): Status {
  const all = Object.entries(states);
  const count = (state: ItemState) => all.filter(([, own]) => own === state).length;
  return {
    target: 'autumn',
    title: null,
    mode: all.some(([, state]) => state === 'todo' || state === 'waiting') ? 'execute' : 'done',
    items: all.map(([id, state]) => ({ id, state, pr: null, score: null, costUsd: 0, reason: null })),
    counts: {
      todo: count('todo'),
      done: count('done'),
      failed: count('failed'),
      skipped: count('skipped'),
      waiting: count('waiting'),
    },
    running: running.map((item) => ({ item, stage: 'agent', pid: 1, since: '2026-05-02T14:00:00Z' })),
    usage: noUsage,
    waiting: null,
  };
}
