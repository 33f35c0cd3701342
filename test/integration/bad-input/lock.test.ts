import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireLock } from '../../../src/system/lock.js';
import { poemConfig, poemFiles, poet } from '../../support/poems.js';
import { tracesOf } from '../../support/traces.js';
import type { World } from '../../support/world.js';
import { makeWorld } from '../../support/world.js';

let world: World;

beforeAll(async () => {
  world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
  await world.regen(['plan', 'autumn']);
});

afterAll(() => world[Symbol.asyncDispose]());

const file = () => path.join(world.root, '.regen', 'lock');
const since = new Date('2026-05-02T14:00:00Z');
const options = { now: () => since, command: 'regen, started by somebody' };

/** A lock of a process that is gone: this process's lock, with the pid of a child that has ended. */
async function writeDeadLock(): Promise<void> {
  const lock = await acquireLock(file(), options);
  const claim = JSON.parse(await readFile(file(), 'utf8')) as object; // what acquireLock wrote
  if (lock.kind === 'held') await lock.release();
  const child = execFile(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  await writeFile(file(), JSON.stringify({ ...claim, pid: child.pid }));
}

describe('a lock that a live process holds', () => {
  const why = `a step is running already: pid ${process.pid} ("regen, started by somebody") since 2026-05-02T14:00:00.000Z`;

  it('makes a step and a plan wait, and names the holder', async () => {
    const lock = await acquireLock(file(), options);
    const before = await tracesOf(world);

    const step = await world.regen(['--json']);
    const person = await world.regen([]);
    const plan = await world.regen(['plan', '--json']);

    expect(lock.kind).toBe('held');
    expect(await tracesOf(world)).toEqual(before);
    expect(await readFile(file(), 'utf8')).toContain(`"pid":${process.pid}`);
    if (lock.kind === 'held') await lock.release();
    const reason = `${why}. Wait for it; "regen status" shows what it does.`;
    expect(step).toMatchObject({
      exitCode: 75,
      document: { mode: 'execute', target: 'autumn', item: null, outcome: 'waiting', reason, remaining: 3 },
    });
    expect(person).toMatchObject({
      exitCode: 75,
      stderr: '',
      stdout: `Waiting: ${reason}\nRun regen again later.`,
    });
    expect(plan).toMatchObject({ exitCode: 75, document: { mode: 'plan', outcome: 'waiting', reason } });
  });

  it('keeps a plan from being dropped and an item from being started', async () => {
    const lock = await acquireLock(file(), options);

    const runs = [await world.regen(['abandon', '--json']), await world.regen(['item', 'start', '--json'])];

    if (lock.kind === 'held') await lock.release();
    const error = { code: 'wait', message: why, hint: 'Wait for it; "regen status" shows what it does.' };
    expect(runs.map(({ exitCode, document }) => ({ exitCode, document }))).toEqual(
      Array(2).fill({ exitCode: 75, document: { error, exit: 75, retryAt: null } }),
    );
  });

  it('keeps nobody from looking, and from editing the plan', async () => {
    const lock = await acquireLock(file(), options);

    const runs = [
      await world.regen(['status']),
      await world.regen(['plan', '--dry-run']),
      await world.regen(['skip', 'wry', 'not now']),
      await world.regen(['retry', 'wry']),
    ];

    if (lock.kind === 'held') await lock.release();
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  });
});

describe('a lock that nobody holds any more', () => {
  it.each([
    { name: 'its process is gone', item: 'bold', make: writeDeadLock },
    { name: 'a power cut left half of it', item: 'calm', make: () => writeFile(file(), '{"bootId":"3f') },
    { name: 'it is empty', item: 'wry', make: () => writeFile(file(), '') },
  ])('is taken over: $name', async ({ item, make }) => {
    await make();

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { item, outcome: 'shipped' } });
    await expect(readFile(file())).rejects.toThrow('ENOENT');
  });
});
