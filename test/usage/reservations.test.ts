import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reserved } from '../../src/model/reservation.js';
import { createReservations } from '../../src/usage/reservations.js';

const claim = { plan: 'p', target: 't', item: 'one', attempt: 'a' };
const signal = new AbortController().signal;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'regen-reserved-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('a reservation', () => {
  it('is seen by others until it is released, less what was spent of it', async () => {
    const mine = await books().reserve(claim, () => Promise.resolve(5), signal);
    const whole = await books().reserved();
    await mine.spend(1.5);
    const rest = await books().reserved();
    await mine.release();
    await mine.spend(1);

    expect(mine.usd).toBe(5);
    expect(whole).toEqual([{ ...claim, usd: 5 }]);
    expect(rest).toEqual([{ ...claim, usd: 3.5 }]);
    expect(await books().reserved()).toEqual([]);
  });

  it('is decided on one after the other', async () => {
    const halfOfTheRest = (others: readonly Reserved[]): Promise<number> =>
      Promise.resolve((8 - others.reduce((sum, { usd }) => sum + usd, 0)) / 2);

    const all = await Promise.all([1, 2, 3].map(() => books().reserve(claim, halfOfTheRest, signal)));

    expect(all.map(({ usd }) => usd).sort()).toEqual([1, 2, 4]);
  });

  it('isn’t made when there is nothing to decide', async () => {
    const deciding = books().reserve(claim, () => Promise.reject(new Error('used up')), signal);

    await expect(deciding).rejects.toThrow('used up');
    expect(await books().reserved()).toEqual([]);
    await books().reserve(claim, () => Promise.resolve(1), signal);
  });

  it('ends with its process', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    await new Promise((resolve) => child.once('spawn', resolve));
    await books().reserve(claim, () => Promise.resolve(1), signal);
    const [name = ''] = await readdir(path.join(root, '.regen', 'reserved'));
    const file = path.join(root, '.regen', 'reserved', name);
    const holder = { bootId: null, pid: child.pid, startTime: null };
    await writeFile(file, JSON.stringify({ v: 1, ...claim, usd: 1, holder }));

    const living = await books().reserved();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));

    expect(living).toHaveLength(1);
    expect(await books().reserved()).toEqual([]);
    expect(await readdir(path.join(root, '.regen', 'reserved'))).toEqual([]);
  });

  it('that can’t be read is nobody’s', async () => {
    await books().reserve(claim, () => Promise.resolve(1), signal);
    await writeFile(path.join(root, '.regen', 'reserved', 'x.json'), '{"usd":4');

    expect(await books().reserved()).toEqual([{ ...claim, usd: 1 }]);
  });
});

function books(): ReturnType<typeof createReservations> {
  return createReservations({ root, now: () => new Date(), newId: randomUUID });
}
