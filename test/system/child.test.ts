import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellQuote } from '../../src/model/template.js';
import { runChild, type ChildRequest } from '../../src/system/child.js';

const env = { PATH: process.env['PATH'] ?? '' };
const never = new AbortController().signal;
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'regen child '));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

function sh(shell: string, more: Partial<ChildRequest> = {}): ChildRequest {
  return { command: { shell }, cwd, env, ...more };
}

/** The ids of processes that a script wrote into files of `cwd`, and whether they are still there. */
async function isAlive(file: string): Promise<boolean> {
  const pid = Number(await readFile(join(cwd, file), 'utf8'));
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/\) [ZX] /.test(stat);
}

describe('runChild', () => {
  it('captures both outputs whole and says how the child ended', async () => {
    const result = await runChild(sh('printf "%0100000d" 7; printf oops >&2; exit 3'), never);

    expect(result).toEqual({
      end: { kind: 'exited', code: 3 },
      durationMs: expect.any(Number) as number,
      stdout: `${'0'.repeat(99_999)}7`,
      stderr: 'oops',
    });
  });

  it('gives arguments literally, without a shell', async () => {
    const result = await runChild({ command: ['printf', '%s|', '$HOME', 'a b', "it's"], cwd, env }, never);

    expect(result.stdout).toBe("$HOME|a b|it's|");
  });

  it('hands over exactly the given environment', async () => {
    const result = await runChild({ command: ['env'], cwd, env: { PATH: env.PATH, ONLY: 'this' } }, never);

    expect(result.stdout.trim().split('\n').sort()).toEqual(['ONLY=this', `PATH=${env.PATH}`]);
  });

  it('feeds a text of any size to stdin, read or not', async () => {
    const text = 'x'.repeat(3_000_000);

    const counted = await runChild(sh('wc -c', { stdin: text }), never);
    const ignored = await runChild(sh('true', { stdin: text }), never);

    expect(counted.stdout.trim()).toBe('3000000');
    expect(ignored.end).toEqual({ kind: 'exited', code: 0 });
  });

  it('closes stdin when there is nothing to read', async () => {
    const result = await runChild(sh('cat; echo end'), never);

    expect(result.stdout).toBe('end\n');
  });

  it('appends both outputs to one file in the order written, and returns its end', async () => {
    const log = join(cwd, 'log');

    await runChild(sh('echo one; echo two >&2', { stdout: log, stderr: log }), never);
    const result = await runChild(sh('echo three', { stdout: log, stderr: log }), never);

    expect(await readFile(log, 'utf8')).toBe('one\ntwo\nthree\n');
    expect(result.stdout).toBe('one\ntwo\nthree\n');
  });

  it('keeps only the end of a large file', async () => {
    const result = await runChild(sh('yes | head -c 200000; echo last', { stdout: join(cwd, 'log') }), never);

    expect(result.stdout.length).toBe(64 * 1024);
    expect(result.stdout.endsWith('last\n')).toBe(true);
  });

  it('says that a program is missing, and which', async () => {
    const result = await runChild({ command: ['no-such-program'], cwd, env }, never);

    expect(result.end).toMatchObject({
      kind: 'missing',
      cause: { message: expect.stringContaining('no-such-program') as string },
    });
  });

  it('tells a signal from an exit', async () => {
    const result = await runChild(sh('kill -9 $$'), never);

    expect(result.end).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
  });

  it('ends a child at its time limit, first kindly', async () => {
    const result = await runChild(
      sh('trap "echo bye; exit 0" TERM; while :; do sleep 0.01; done', { timeoutMs: 150 }),
      never,
    );

    expect(result).toMatchObject({ end: { kind: 'timed_out' }, stdout: 'bye\n' });
  });

  it('kills a child that ignores the kind signal, and all of its group', async () => {
    const result = await runChild(
      sh('trap "" TERM; sleep 60 & echo $! > pid; wait', { timeoutMs: 150, graceMs: 50 }),
      never,
    );

    expect(result.end).toEqual({ kind: 'timed_out' });
    expect(result.durationMs).toBeLessThan(5000);
    expect(await isAlive('pid')).toBe(false);
  });

  it('ends a child on abort', async () => {
    const controller = new AbortController();
    const running = runChild(
      sh('echo $$ > pid; kill -0 $$; exec sleep 60', { stdout: join(cwd, 'log') }),
      controller.signal,
    );
    setTimeout(() => {
      controller.abort();
    }, 100);

    const result = await running;

    expect(result.end).toEqual({ kind: 'aborted' });
  });

  it('starts nothing after an abort', async () => {
    const result = await runChild(sh('touch made'), AbortSignal.abort());

    expect(result.end).toEqual({ kind: 'aborted' });
    await expect(readFile(join(cwd, 'made'))).rejects.toThrow();
  });

  it('is not held up by a daemon that keeps the output open, and ends it', async () => {
    const marker = `REGEN_TEST=${randomUUID()}` as const;
    const [, id = ''] = marker.split('=');

    const result = await runChild(
      sh(
        'setsid nohup sh -c "echo \\$\\$ > pid; exec sleep 60" & while [ ! -s pid ]; do sleep 0.01; done; echo started',
        {
          env: { ...env, REGEN_TEST: id },
          marker,
        },
      ),
      never,
    );

    expect(result).toMatchObject({ end: { kind: 'exited', code: 0 }, stdout: 'started\n' });
    expect(await isAlive('pid')).toBe(false);
  });

  it('ends what dropped environment, session and parent, once it was seen', async () => {
    const daemon = 'env -i "$(command -v setsid)" "$(command -v sleep)" 60 & echo $! > pid; sleep 1';

    const result = await runChild(sh(`sh -c ${shellQuote(daemon)}`), never);

    expect(result.end).toEqual({ kind: 'exited', code: 0 });
    expect(await isAlive('pid')).toBe(false);
  });

  it('tells whether what the child started computes', async () => {
    const worked = async (shell: string): Promise<number> => {
      let times = 0;
      await runChild(sh(shell, { timeoutMs: 1500, graceMs: 50, onWork: () => (times += 1) }), never);
      return times;
    };

    const computing = await worked('sh -c "while :; do :; done" & wait');
    const hung = await worked('sleep 60 & wait');

    expect(computing).toBeGreaterThan(hung);
    expect(hung).toBeLessThanOrEqual(1); // its start
  });
});
