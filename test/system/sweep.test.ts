import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { runningProcesses } from '../../src/system/processes.js';
import { sweep } from '../../src/system/sweep.js';

it('kills what carries the marker, with descendants that shed it, and nothing else', async () => {
  const id = randomUUID();
  const marked = spawn('sh', ['-c', 'env -i sleep 60 & echo up; wait'], {
    env: { PATH: process.env['PATH'], REGEN_TEST: id },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const other = spawn('sleep', ['60'], { env: { PATH: process.env['PATH'], REGEN_TEST: `${id}0` } });
  const exited = once(marked, 'exit');
  await once(marked.stdout, 'data');

  const count = await sweep(`REGEN_TEST=${id}`);

  expect(count).toBe(2);
  expect((await exited)[1]).toBe('SIGKILL');
  expect(other.exitCode ?? other.signalCode).toBe(null);
  other.kill('SIGKILL');
});

it('kills what shed the marker and lost its parent, as long as the session has one that carries it', async () => {
  const id = randomUUID();
  const script = '(env -i sleep 60 & echo $!) ; exec sleep 60';
  const marked = spawn('sh', ['-c', script], {
    env: { PATH: process.env['PATH'], REGEN_TEST: id },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const [pid] = (await once(marked.stdout, 'data')) as [Buffer];

  await sweep(`REGEN_TEST=${id}`);

  expect(runningProcesses().filter((one) => one.pid === Number(pid.toString()))).toEqual([]);
});

it('never kills the caller or what started it', async () => {
  const id = randomUUID();
  const script = `import('${new URL('../../src/system/sweep.ts', import.meta.url).href}').then(({ sweep }) => sweep('REGEN_TEST=${id}')).then((n) => console.log(n))`;
  const caller = spawn('sh', ['-c', `"$0" --import tsx -e "$1"; echo alive`, process.execPath, script], {
    env: { ...process.env, REGEN_TEST: id },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  caller.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));

  await once(caller, 'close');

  expect(output).toMatch(/^\d+\nalive\n$/); // both the caller and the shell above it went on
});

it('finds nothing when nobody carries the marker', async () => {
  expect(await sweep(`REGEN_TEST=${randomUUID()}`)).toBe(0);
});
