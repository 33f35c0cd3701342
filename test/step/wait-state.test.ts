import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/model/surroundings.js';
import { clearWait, isInForce, nextWait, noteWait, readWait } from '../../src/step/wait-state.js';
import type { WaitFacts } from '../../src/step/wait-state.js';

const start = new Date('2026-05-02T14:00:00.000Z');
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const network: WaitFacts = { kind: 'network', reason: 'no answer', retryAt: null, plan: 'p' };

describe('how long is waited', () => {
  it('grows from try to try while nobody says, up to a quarter of an hour', () => {
    const waits: number[] = [];
    let state = null;
    let now = start;
    for (let time = 0; time < 6; time += 1) {
      state = nextWait(state, network, now);
      const until = new Date(state.retryAt ?? NaN);
      waits.push((until.getTime() - now.getTime()) / 60_000);
      now = until;
    }

    expect(waits).toEqual([1, 2, 5, 15, 15, 15]);
    expect(state).toMatchObject({ tries: 6, since: start.toISOString() });
  });

  it('begins anew with another cause', () => {
    const before = nextWait(nextWait(null, network, start), network, later(1));

    const state = nextWait(before, { ...network, kind: 'overloaded' }, later(3));

    expect(state).toMatchObject({
      tries: 1,
      since: later(3).toISOString(),
      retryAt: later(4).toISOString(),
    });
  });

  it('counts the steps of one run that meet the same trouble at once as one try', () => {
    const first = nextWait(null, network, start);

    const second = nextWait(first, network, later(0.5));

    expect(second).toMatchObject({ tries: 1, retryAt: first.retryAt });
  });

  it('is as long as the other side says, but never longer than that kind of wait can be', () => {
    const said = (minutes: number) =>
      nextWait(null, { ...network, kind: 'forge_limit', retryAt: later(minutes) }, start).retryAt;

    expect(said(40)).toBe(later(40).toISOString());
    expect(said(60 * 24 * 365)).toBe(later(120).toISOString());
    expect(said(-5)).toBe(later(1).toISOString());
  });

  it('is unknown for a target’s budget', () => {
    expect(nextWait(null, { ...network, kind: 'target_budget' }, start).retryAt).toBeNull();
  });
});

describe('a wait', () => {
  const state = nextWait(null, { ...network, kind: 'usage_limit', retryAt: later(300) }, start);

  it('is in force until its time', () => {
    expect([0, 299, 300, 301].map((minutes) => isInForce(state, later(minutes)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('ends when the clock went back, and allows for a little of it', () => {
    expect([-0.5, -2].map((minutes) => isInForce(state, later(minutes)))).toEqual([true, false]);
  });

  it('ends when its time is one that no wait of the kind can have', () => {
    expect(isInForce({ ...state, retryAt: later(60 * 24 * 9).toISOString() }, start)).toBe(false);
  });
});

describe('the file', () => {
  let root: string;
  const lines: string[] = [];
  const at = (now: Date): Surroundings => ({
    root,
    env: {},
    now: () => now,
    newId: () => '',
    progress: (line) => lines.push(line),
  });

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'regen-wait-'));
    lines.length = 0;
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('holds what was noted', async () => {
    const noted = await noteWait(at(start), network);

    expect(await readWait(at(start))).toEqual(noted);
  });

  it.each(['', '{', '[]', '{"kind":"toString","reason":"","retryAt":null}', '{"kind":"network"}'])(
    'counts as none when it is malformed, and is told of: %j',
    async (text) => {
      await mkdir(path.join(root, '.regen'));
      await writeFile(path.join(root, '.regen', 'wait.json'), text);

      expect(await readWait(at(start))).toBeNull();
      expect(lines).toEqual(['.regen/wait.json is none of ours: ignored, as if nothing were waited for']);
    },
  );

  it('goes when a step got through, but not what was noted while that step ran', async () => {
    await noteWait(at(later(5)), network);

    await clearWait(at(later(6)), { mode: 'execute', startedAt: later(4) });
    const stands = await readFile(path.join(root, '.regen', 'wait.json'), 'utf8');
    await clearWait(at(later(8)), { mode: 'execute', startedAt: later(7) });

    expect(stands).toContain('"network"');
    expect(await readWait(at(later(8)))).toBeNull();
  });

  it('stays when the step didn’t try what is waited for', async () => {
    await noteWait(at(start), { ...network, kind: 'usage_limit', retryAt: later(60) });

    await clearWait(at(later(2)), { mode: 'plan', startedAt: later(1) });
    await clearWait(at(later(2)), { mode: 'done', startedAt: later(1) });

    expect(await readWait(at(later(2)))).toMatchObject({ kind: 'usage_limit' });
  });
});
