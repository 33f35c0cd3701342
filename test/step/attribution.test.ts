import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionTurn } from '../../src/model/session.js';
import { noUsage } from '../../src/model/usage.js';
import { attribute } from '../../src/step/attribution.js';
import type { Order } from '../../src/step/attribution.js';

const leaseMs = 100_000;

function at(seconds: number): Date {
  return new Date(Date.UTC(2026, 4, 2, 14) + seconds * 1000);
}

function turn(id: string, seconds: number, change: Partial<SessionTurn> = {}): SessionTurn {
  const tokens = { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  const message = { id, model: 'm', tokens, isSidechain: false, isEstimate: false };
  return { message, at: at(seconds), thread: '', calls: 'nothing', ...change };
}

function order(key: string, calls: readonly number[], end: number | null, isHeld = true): Order {
  return { key, calls: calls.map(at), isHeld, end: end === null ? null : at(end) };
}

function owners(turns: readonly SessionTurn[], orders: readonly Order[]): Record<string, readonly string[]> {
  return Object.fromEntries(attribute(turns, orders, leaseMs));
}

describe('one order after the other', () => {
  test('a turn is for the order whose command it calls, or which is open; what lies in between is nobody’s', () => {
    const turns = [
      turn('hello', 0),
      turn('starts a', 10, { calls: 'regen' }),
      turn('works on a', 20, { calls: 'something' }),
      turn('ships a', 30, { calls: 'regen' }),
      turn('chats', 40),
      turn('starts b', 50, { calls: 'regen' }),
      turn('ends', 90),
    ];

    const told = owners(turns, [order('a', [11, 31], 35), order('b', [51], null)]);

    expect(told).toEqual({
      hello: [],
      'starts a': ['a'],
      'works on a': ['a'],
      'ships a': ['a'],
      chats: [],
      'starts b': ['b'],
      ends: ['b'],
    });
  });

  test('an order that is never marked ends with its lease', () => {
    const told = owners([turn('late', 102), turn('in time', 100)], [order('a', [1], null)]);

    expect(told).toEqual({ late: [], 'in time': ['a'] });
  });

  test('a headless step has the turn that called it, and nothing else', () => {
    const turns = [
      turn('calls', 10, { calls: 'regen' }),
      turn('polls', 15, { calls: 'something' }),
      turn('reports', 30),
    ];

    const told = owners(turns, [order('a', [12], 25, false)]);

    expect(told).toEqual({ calls: ['a'], polls: [], reports: [] });
  });
});

describe('several orders at once', () => {
  const both = [order('a', [11, 41], 60), order('b', [21], 80)];

  test('a turn that calls for one of them is that one’s, one that calls for none is shared', () => {
    const turns = [
      turn('starts b', 20, { calls: 'regen' }),
      turn('thinks', 30),
      turn('checks a', 40, { calls: 'regen' }),
      turn('goes on with b', 70),
    ];

    const told = owners(turns, both);

    expect(told).toEqual({
      'starts b': ['b'],
      thinks: ['a', 'b'],
      'checks a': ['a'],
      'goes on with b': ['b'],
    });
  });

  test('a turn that calls for two of them is shared by the two', () => {
    const turns = [turn('ships a, starts b', 50, { calls: 'regen' })];

    const told = owners(turns, [order('a', [11, 51], 52), order('b', [53], null)]);

    expect(told).toEqual({ 'ships a, starts b': ['a', 'b'] });
  });

  test('of several threads, the one that mentions regen has called', () => {
    const turns = [
      turn('main', 10, { calls: 'something' }),
      turn('one subagent', 12, { calls: 'regen', thread: 'one' }),
      turn('another', 14, { calls: 'something', thread: 'another' }),
    ];

    const told = owners(turns, [order('a', [15], 16)]);

    expect(told).toEqual({ main: [], 'one subagent': ['a'], another: [] });
  });
});

test('whatever happens, every turn is told of once: own, shared and nobody’s ones are all of them', () => {
  const seconds = fc.nat({ max: 300 });
  const anyTurns = fc.array(
    fc.record({
      seconds,
      thread: fc.constantFrom('', 'sub'),
      calls: fc.constantFrom('regen', 'something', 'nothing'),
      input: fc.nat({ max: 1e6 }),
    }),
  );
  const anyOrders = fc.array(
    fc.record({
      calls: fc.array(seconds, { minLength: 1, maxLength: 4 }),
      end: fc.option(seconds),
      isHeld: fc.boolean(),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(anyTurns, anyOrders, (drafts, plans) => {
      const turns = drafts
        .map(({ seconds: when, thread, calls, input }, index) => {
          const plain = turn(String(index), when, { thread, calls });
          return { ...plain, message: { ...plain.message, tokens: { ...noUsage, input } } };
        })
        .sort((one, other) => one.at.getTime() - other.at.getTime());
      const orders = plans.map(({ calls, end, isHeld }, index) =>
        order(`order ${index}`, calls, end, isHeld),
      );

      const told = attribute(turns, orders, leaseMs);

      expect([...told.keys()]).toEqual(turns.map(({ message }) => message.id));
      for (const keys of told.values()) {
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.every((key) => orders.some((one) => one.key === key))).toBe(true);
      }
    }),
  );
});
