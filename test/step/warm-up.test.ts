import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/model/surroundings.js';
import { warmUp } from '../../src/step/warm-up.js';

const signal = new AbortController().signal;
const prefix = { hash: 'abc', model: 'sonnet', ttl: '5m', lastUse: null } as const;
let root = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'regen-warm-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

function surroundings(jobs = '3'): Surroundings {
  return {
    root,
    env: { REGEN_RUN_JOBS: jobs },
    now: () => new Date(),
    newId: () => 'id',
    progress: () => undefined,
  };
}

function begin(change: Partial<Parameters<typeof warmUp>[1]> = {}, jobs?: string) {
  return warmUp(surroundings(jobs), { ...prefix, ...change }, signal);
}

/** What happens, in its order. */
function track<T>(events: string[], name: string, promise: Promise<T>): Promise<T> {
  return promise.then((value) => {
    events.push(name);
    return value;
  });
}

describe('steps side by side with the same prefix', () => {
  it('begin once the first one’s answer begins, all at once', async () => {
    const events: string[] = [];
    const first = await begin();
    const others = [track(events, 'begun', begin()), track(events, 'begun', begin())];

    await begin({ hash: 'another prefix' });
    events.push('answering');
    first.answering();
    await Promise.all(others);

    expect(events).toEqual(['answering', 'begun', 'begun']);
    await first.over();
    await begin();
  });

  it('don’t wait for one that ended without an answer: the next is first', async () => {
    const events: string[] = [];
    const first = await begin();
    const [second, third] = [begin(), track(events, 'third', begin())];

    await first.over();
    const next = await Promise.race([second, third]);
    expect(events.length).toBeLessThan(2);
    next.answering();
    await Promise.all([second, third, next.over()]);

    expect(await readdir(path.join(root, '.regen', 'warm'))).not.toContainEqual(
      expect.stringMatching(/lock$/),
    );
  });

  it('don’t wait at all when the ledger knows that it is there, and alone nobody does', async () => {
    const lastUse = { at: new Date(Date.now() - 60_000), ttl: '5m' } as const;
    await begin();

    await begin({ lastUse });
    await begin({}, '1');
  });
});
