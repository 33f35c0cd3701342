import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitEnvironment, makeRepository } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';
import { messageRow, runRow, writeLedger } from '../support/ledger-rows.js';
import { cliPath } from '../support/world.js';

let repository: TestRepository;

beforeEach(async () => {
  repository = await makeRepository({ files: { 'README.md': '# Sample\n' } });
});

afterEach(() => repository.cleanup());

async function report(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, 'report', ...args], {
    cwd: repository.root,
    env: { ...gitEnvironment(), ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  });
  return { exitCode, stdout, stderr };
}

const inRoot = (...names: readonly string[]) => path.join(repository.root, ...names);

const plan = `# Regen plan: alpha

- Target: \`alpha\`
- Title: \`Alphabet\`
- Plan created: \`2026-11-20T08:00:00Z\`

## Items

- [x] one
- [!] two
- [ ] three

## Log

- one: PR https://forge.example/pull/7, score 91, verdict APPROVED, 2.0k tokens, $0.25 (2026-11-20T11:10:00Z)
- two: FAILED: check "render" failed: ghp_abcdefghijklmnopqrstuvwxyz0123 refused; log .regen/runs/x.log; next: regen retry two (2026-11-20T12:00:00Z)
`;

describe('regen report', () => {
  it('writes a page into .regen, which git ignores from then on, and says where', async () => {
    const run = await report();

    const file = inRoot('.regen', 'report.html');
    expect(run).toEqual({
      exitCode: 0,
      stdout: `Wrote ${file} (${Math.ceil((await stat(file)).size / 1000)} kB). Open it in a browser: it loads nothing.\n`,
      stderr: '',
    });
    expect(await readFile(file, 'utf8')).toContain('No plan is at work.');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('tells plan, archives, ledger and failures; secrets are masked', async () => {
    await writeFile(inRoot('.regen-plan.md'), plan);
    await mkdir(inRoot('.regen-history'));
    await writeFile(
      inRoot('.regen-history', 'beta-20261101-101500.md'),
      plan.replaceAll('alpha', 'beta').replace('2026-11-20T08', '2026-11-01T08'),
    );
    await writeLedger(repository.root, [
      messageRow({ message: '1', cacheRead: 900, input: 100, output: 5, costUsd: 0.25 }),
      messageRow({ message: '2', model: 'mystery', item: 'two', costUsd: null }),
      messageRow({ message: '3', item: 'two', costUsd: 0.05, output: 9, isEstimate: true }),
      runRow({ difference: { input: 0, output: 4, cacheRead: 0, cacheWrite: 0, costUsd: 0.1 } }),
      '{"v":2',
    ]);

    const run = await report(['--json', '-o', 'page.html'], { GITHUB_TOKEN: 'Alphabet-secret' });

    const file = inRoot('page.html');
    const page = await readFile(file, 'utf8');
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toMatchObject({
      file,
      bytes: (await stat(file)).size,
      plan: { target: 'alpha', title: 'Alphabet', counts: { done: 1, failed: 1, todo: 1 } },
      archivedPlans: 1,
      pullRequests: 1,
      failures: 2,
      usage: { requests: 3, output: 14, cacheRead: 900, costUsd: null },
      estimated: { requests: 1, output: 9, costUsd: 0.05 },
      unpricedRequests: 1,
      mismatches: 1,
      forecast: { target: 'alpha', remaining: 1 },
      gaps: ['.regen/ledger.jsonl: lines left out of the sums: 1 cut off by a crash'],
    });
    expect(page).toContain('href="https://forge.example/pull/7"');
    expect(page).toContain('check &#34;render&#34; failed: *** refused');
    expect(page.includes('ghp_')).toBe(false);
  });

  it('masks the environment’s secrets in texts, and leaves the page whole', async () => {
    await writeFile(inRoot('.regen-plan.md'), plan);

    const { stdout } = await report(['-o', '-'], { SOME_TOKEN: 'Alphabet' });

    expect(stdout).toContain('<bdi>alpha</bdi>: <bdi>***</bdi>');
    expect(stdout.endsWith('</html>\n')).toBe(true);
  });

  it('writes the same to stdout as to the file, but for the instant', async () => {
    await writeFile(inRoot('.regen-plan.md'), plan);
    const timeless = (page: string) => page.replace(/as of <time[^>]*>[^<]*/, 'as of ');

    const { stdout } = await report(['-o', '-']);
    await report(['-o', 'page.html']);

    expect(timeless(await readFile(inRoot('page.html'), 'utf8')) === timeless(stdout)).toBe(true);
  });

  it('writes over a file, and leaves nothing else behind', async () => {
    await mkdir(inRoot('out'));
    await writeFile(inRoot('out', 'page.html'), 'old');

    const { exitCode } = await report(['--output', 'out/page.html']);

    expect(exitCode).toBe(0);
    expect(await readdir(inRoot('out'))).toEqual(['page.html']);
    expect(await readFile(inRoot('out', 'page.html'), 'utf8')).toContain('<!doctype html>');
  });

  it('survives a reader that goes away', async () => {
    const child = spawn(process.execPath, [cliPath, 'report', '-o', '-'], {
      cwd: repository.root,
      env: gitEnvironment(),
    });
    child.stdout.destroy();

    const [exitCode] = (await once(child, 'exit')) as [number | null];

    expect(exitCode).toBe(0);
  });
});

describe('regen report refuses', () => {
  it.each([
    {
      name: 'a folder',
      args: ['-o', '.'],
      exit: 2,
      message: /is a folder$/,
      hint: /^Name a file in it, such as .*report\.html\.$/,
    },
    {
      name: 'a folder that is not there',
      args: ['-o', 'a/b.html'],
      exit: 2,
      message: /a is no folder$/,
      hint: /Make the folder/,
    },
    {
      name: 'a place that nothing can be written to',
      args: ['-o', '/proc/report.html'],
      exit: 3,
      message: /can’t be written/,
      hint: /name another file with -o\.$/,
    },
    {
      name: 'a device',
      args: ['-o', '/dev/null'],
      exit: 2,
      message: /is no file$/,
      hint: /"-o -" for stdout/,
    },
    { name: 'no name', args: ['-o', ''], exit: 2, message: /names no file$/, hint: /-o report\.html/ },
    { name: 'stdout twice', args: ['-o', '-'], exit: 2, message: /both want stdout$/, hint: /Name a file/ },
    {
      name: 'an unknown flag',
      args: ['--ouput', 'x'],
      exit: 2,
      message: /unknown option '--ouput'/,
      hint: /--output/,
    },
    { name: 'an argument', args: ['alpha'], exit: 2, message: /too much for "regen report"/, hint: /--help/ },
  ])('$name', async ({ args, exit, message, hint }) => {
    const { exitCode, stdout } = await report(['--json', ...args]);

    const { error } = JSON.parse(stdout) as { error: { message: string; hint: string } };
    expect(exitCode).toBe(exit);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('a plan that can’t be read, naming the line', async () => {
    await writeFile(inRoot('.regen-plan.md'), '# Nothing\n');

    const { exitCode, stderr } = await report();

    expect(exitCode).toBe(2);
    expect(stderr).toContain('.regen-plan.md:1: the plan');
  });
});
