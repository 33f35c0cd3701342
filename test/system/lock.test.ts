import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acquireLock, acquireLockWithin, lockHolder } from '../../src/system/lock.js';
import { currentProcess, isRunning } from '../../src/system/process-identity.js';
import type { ContenderRequest } from '../support/lock-contender.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';

const options = { now: () => new Date('2026-05-02T13:50:00Z'), command: 'regen test' };
const never = new AbortController().signal;

let programs: Scratch;
beforeAll(async () => {
  programs = await makeScratch();
  await build({
    entryPoints: [path.join(import.meta.dirname, '../support/lock-contender.ts')],
    outfile: programs.in('contender.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});
afterAll(() => programs[Symbol.asyncDispose]());

it('says who holds it, and since when', async () => {
  await using scratch = await makeScratch();

  const first = await acquireLock(scratch.in('.regen', 'lock'), options);
  const second = await acquireLock(scratch.in('.regen', 'lock'), options);

  expect(first.kind).toBe('held');
  expect(second).toEqual({
    kind: 'busy',
    holder: {
      ...(await currentProcess()),
      command: 'regen test',
      since: '2026-05-02T13:50:00.000Z',
      token: expect.any(String) as string,
    },
  });
  expect(await lockHolder(scratch.in('.regen', 'lock'))).toMatchObject({ pid: process.pid });
});

it('is free again once it is released', async () => {
  await using scratch = await makeScratch();
  const lock = await acquireLock(scratch.in('lock'), options);
  if (lock.kind === 'held') await lock.release();

  expect(await lockHolder(scratch.in('lock'))).toBeNull();
  expect((await acquireLock(scratch.in('lock'), options)).kind).toBe('held');
  expect(await readdir(scratch.folder)).toEqual(['lock']);
});

it('releases only its own holding', async () => {
  await using scratch = await makeScratch();
  const first = await acquireLock(scratch.in('lock'), options);
  if (first.kind === 'held') await first.release();
  await acquireLock(scratch.in('lock'), options);

  if (first.kind === 'held') await first.release();

  expect(await lockHolder(scratch.in('lock'))).not.toBeNull();
});

it('is released at the end of a block that uses it', async () => {
  await using scratch = await makeScratch();
  {
    const lock = await acquireLock(scratch.in('lock'), options);
    if (lock.kind === 'busy') throw new Error('nobody else is here');
    await using held = lock;
    expect(held.kind).toBe('held');
  }

  expect(existsSync(scratch.in('lock'))).toBe(false);
});

it('waits for a holder that lets go', async () => {
  await using scratch = await makeScratch();
  const first = await acquireLock(scratch.in('lock'), options);

  const waiting = acquireLockWithin(scratch.in('lock'), { ...options, waitMs: 30_000 }, never);
  if (first.kind === 'held') await first.release();

  expect((await waiting).kind).toBe('held');
});

it('gives up on a holder that doesn’t', async () => {
  await using scratch = await makeScratch();
  await acquireLock(scratch.in('lock'), options);

  const waited = await acquireLockWithin(scratch.in('lock'), { ...options, waitMs: 20 }, never);

  expect(waited).toMatchObject({ kind: 'busy', holder: { pid: process.pid } });
});

it('stops waiting when it is interrupted, with the interruption’s reason', async () => {
  await using scratch = await makeScratch();
  await acquireLock(scratch.in('lock'), options);
  const interruption = new AbortController();

  const waiting = acquireLockWithin(scratch.in('lock'), { ...options, waitMs: 60_000 }, interruption.signal);
  interruption.abort(new Error('SIGINT'));

  await expect(waiting).rejects.toThrow('SIGINT');
});

it('is taken over from a holder that was killed', async () => {
  await using scratch = await makeScratch();
  const contender = await startContender();
  const kinds = await contender.ask({ take: [scratch.in('lock')] });
  const whileAlive = await acquireLock(scratch.in('lock'), options);
  await contender.kill();

  const afterwards = await acquireLock(scratch.in('lock'), options);

  expect([kinds, whileAlive.kind, afterwards.kind]).toEqual([['held'], 'busy', 'held']);
  expect(await readdir(scratch.folder)).toEqual(['lock']);
});

it.each([
  ['of another boot', { bootId: '00000000-0000-0000-0000-000000000000' }],
  ['whose pid another process has now', { startTime: '1' }],
  ['whose pid nobody has', { pid: 2 ** 22 + 1 }],
])('is taken over from a holder %s', async (_, change) => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('lock'), await holding(change));

  expect(await lockHolder(scratch.in('lock'))).toBeNull();
  expect((await acquireLock(scratch.in('lock'), options)).kind).toBe('held');
});

it.each(['', '{"pid":', 'null', '{"pid":"1"}', '{"pid":-1}'])(
  'is taken over when its file holds %j, the remains of a power cut',
  async (content) => {
    await using scratch = await makeScratch();
    await writeFile(scratch.in('lock'), content);

    expect((await acquireLock(scratch.in('lock'), options)).kind).toBe('held');
  },
);

it('is taken over although an earlier takeover was killed halfway', async () => {
  await using scratch = await makeScratch();
  const dead = await holding({ startTime: '1' });
  for (const name of ['lock', 'lock.takeover', 'lock.takeover.takeover'])
    await writeFile(scratch.in(name), dead);

  expect((await acquireLock(scratch.in('lock'), options)).kind).toBe('held');
  expect(await readdir(scratch.folder)).toEqual(['lock']);
});

it('is busy for everybody else while somebody takes it over', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('lock'), await holding({ startTime: '1' }));
  await writeFile(scratch.in('lock.takeover'), await holding({}));

  expect((await acquireLock(scratch.in('lock'), options)).kind).toBe('busy');
});

it('goes to exactly one of the processes that find its holder dead at the same time', async () => {
  await using scratch = await makeScratch();
  const files = Array.from({ length: 100 }, (_, index) => scratch.in(`lock-${index}`));
  const contenders = await Promise.all(Array.from({ length: 4 }, startContender));
  try {
    for (const file of files) await writeFile(file, await holding({ startTime: '1', token: file }));

    const kinds = await Promise.all(contenders.map((contender) => contender.ask({ take: files })));

    const holders = files.map((_, index) => kinds.filter((each) => each[index] === 'held').length);
    expect(holders).toEqual(files.map(() => 1));
    expect((await readdir(scratch.folder)).sort()).toEqual(files.map((file) => path.basename(file)).sort());
  } finally {
    await Promise.all(contenders.map((contender) => contender.kill()));
  }
});

it('lets one process in at a time, also when holders are killed in between', async () => {
  await using scratch = await makeScratch();
  await writeFile(scratch.in('counter'), '0');
  const lock = scratch.in('lock');
  const contenders = await Promise.all(Array.from({ length: 4 }, startContender));
  try {
    const [victim, ...others] = contenders;
    await victim?.ask({ take: [lock] });
    const counting = others.map((contender) =>
      contender.ask({ count: 40, lock, counter: scratch.in('counter') }),
    );
    await victim?.kill();

    expect(await Promise.all(counting)).toEqual([['counted'], ['counted'], ['counted']]);
    expect(await readFile(scratch.in('counter'), 'utf8')).toBe('120');
  } finally {
    await Promise.all(contenders.map((contender) => contender.kill()));
  }
});

it.runIf(existsSync('/proc/self/stat'))(
  'a process that ended and was never waited for doesn’t run',
  async () => {
    // The shell's child outlives its turning into a `sleep`, which waits for no children.
    const script = 'exec 3<&0; (read line <&3) & echo $!; exec sleep 60';
    const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      const [output] = (await once(parent.stdout, 'data')) as [Buffer]; // the only thing it prints
      const child = { bootId: null, startTime: null, pid: Number(output.toString()) };
      await expect.poll(() => readFile(`/proc/${parent.pid ?? 0}/comm`, 'utf8')).toBe('sleep\n');
      const whileAlive = await isRunning(child);

      parent.stdin.end('\n');

      await expect.poll(() => isRunning(child)).toBe(false);
      expect(whileAlive).toBe(true);
      expect(() => process.kill(child.pid, 0)).not.toThrow();
    } finally {
      parent.kill('SIGKILL');
    }
  },
);

it('a process is known by its pid alone where the system tells no more', async () => {
  expect(await isRunning({ bootId: null, pid: process.pid, startTime: null })).toBe(true);
  expect(await isRunning({ bootId: null, pid: 2 ** 22 + 1, startTime: null })).toBe(false);
});

it('the folder of the lock is made', async () => {
  await using scratch = await makeScratch();
  await mkdir(scratch.in('.regen'));

  await acquireLock(scratch.in('.regen', 'leases', 'lock'), options);

  expect(await readdir(scratch.in('.regen', 'leases'))).toEqual(['lock']);
});

async function holding(change: object): Promise<string> {
  const since = '2026-05-02T13:00:00.000Z';
  return JSON.stringify({
    ...(await currentProcess()),
    command: 'regen',
    since,
    token: 'its own',
    ...change,
  });
}

interface Contender {
  ask(request: ContenderRequest): Promise<readonly string[]>;
  /** Kills it at once, whatever it holds; returns when it is gone. */
  kill(): Promise<void>;
}

async function startContender(): Promise<Contender> {
  const child = spawn(process.execPath, [programs.in('contender.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<readonly string[]> => {
    const answer: IteratorResult<string, unknown> = await answers.next();
    return JSON.parse(String(answer.value)) as readonly string[]; // what the contender answers
  };
  await next();
  return {
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next();
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
