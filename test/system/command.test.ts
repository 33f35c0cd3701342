import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/system/command.js';
import type { CommandResult } from '../../src/system/command.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regen-command-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a command of the repository', () => {
  it('is logged with both of its outputs in the order in which they came', async () => {
    const result = await run('echo 1; echo 2 >&2; echo 3');

    expect(result).toEqual({
      failure: null,
      durationMs: expect.any(Number) as number,
      excerpt: { errors: [], last: ['1', '2', '3'], isWhole: true },
      stdout: '1\n2\n3\n',
    });
    expect(await readFile(join(folder, 'logs', 'x.log'), 'utf8')).toMatch(
      /^\$ echo 1; echo 2 >&2; echo 3\n1\n2\n3\n\[exit code 0, \d\.\d s\]\n\n$/,
    );
  });

  it('that is a query answers with its stdout alone', async () => {
    const result = await run('echo noise >&2; echo answer', { isQuery: true });

    expect(result.stdout).toBe('answer\n');
    expect(await readFile(join(folder, 'logs', 'x.log'), 'utf8')).toContain('noise\n');
  });

  it('that is killed says by what', async () => {
    const result = await run('kill -9 $$');

    expect(result.failure).toBe('ended by SIGKILL');
  });

  it('that can’t be started is the environment’s fault', async () => {
    const running = run('true', { cwd: join(folder, 'gone') });

    await expect(running).rejects.toMatchObject({ code: 'environment' });
  });
});

function run(
  line: string,
  own: { readonly isQuery?: boolean; readonly cwd?: string } = {},
): Promise<CommandResult> {
  const marker = `REGEN_ATTEMPT=${crypto.randomUUID()}` as const;
  const env = { PATH: process.env['PATH'] ?? '', REGEN_ATTEMPT: marker.slice('REGEN_ATTEMPT='.length) };
  const log = join(folder, 'logs', 'x.log');
  const mask = (text: string): string => text;
  return runCommand(
    { line, cwd: folder, env, timeoutMs: 10_000, marker, log, mask, ...own },
    new AbortController().signal,
  );
}
