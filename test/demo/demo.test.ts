import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CliPlace, CliRun, RunCli } from '../../src/demo/cli-process.js';
import type { ReadStep } from '../../src/model/step-document.js';
import { runDemo, type DemoRequest } from '../../src/demo/demo.js';
import { RegenError } from '../../src/model/errors.js';
import { noUsage } from '../../src/model/usage.js';
import { runGit } from '../support/git-repo.js';

const never = new AbortController().signal;

const blank: ReadStep = {
  mode: 'execute',
  target: 'rainfall',
  item: null,
  outcome: 'nothing',
  reason: null,
  pr: null,
  usage: noUsage,
  durationMs: 1200,
  remaining: null,
  retryAt: null,
  evidence: null,
};

function answer(step: Partial<ReadStep>): CliRun {
  return { exitCode: 0, stdout: JSON.stringify({ ...blank, ...step }), stderr: '' };
}

const plan = '# Regen plan: rainfall\n\n## Renderers\n\n- [x] path\n';

/** Stands in for regen: answers each invocation with the next document, and leaves an archive as the third does. */
function standIn(places: CliPlace[] = []): RunCli {
  return async (_args, place) => {
    places.push(place);
    switch (places.length) {
      case 1:
        return answer({ mode: 'plan', outcome: 'planned', remaining: 1 });
      case 2:
        await askModel(place);
        return answer({
          outcome: 'shipped',
          item: 'path',
          pr: { number: 1, url: 'http://forge.invalid/1', branch: 'b' },
          usage: { ...noUsage, requests: 1, input: 14, output: 11, costUsd: 0.00014 },
        });
      case 3:
        await mkdir(path.join(place.cwd, '.regen-history'));
        await writeFile(path.join(place.cwd, '.regen-history', 'rainfall-20260502-140000.md'), plan);
        return answer({ mode: 'done', outcome: 'archived' });
      default:
        return answer({ mode: 'plan', outcome: 'planned', target: 'daylight', remaining: 3 });
    }
  };
}

async function askModel(place: CliPlace): Promise<void> {
  const content = 'Write charts/rainfall/renderers/path.mjs anew...';
  await fetch(`${place.env['ANTHROPIC_BASE_URL'] ?? ''}/v1/messages`, {
    method: 'POST',
    headers: { 'x-claude-code-session-id': 'a-session' },
    body: JSON.stringify({
      model: 'claude-sonnet-5',
      max_tokens: 100,
      tools: [{ name: 'Read' }],
      messages: [{ role: 'user', content }],
    }),
  });
}

const kept: string[] = [];

afterEach(async () => {
  for (const folder of kept.splice(0)) await rm(folder, { recursive: true, force: true });
});

function request(runCli: RunCli, lines: string[] = [], keep = false): DemoRequest {
  return {
    surroundings: { env: process.env, now: () => new Date(), newId: randomUUID },
    runCli,
    print: (line) => lines.push(line),
    keep,
  };
}

/** The demo's temporary folder, as its invocations saw it. */
function folderOf(place: CliPlace | undefined): string {
  return path.dirname(place?.cwd ?? '/nowhere/charts');
}

describe('the demo', () => {
  test('runs regen until the plan is archived and the next one made, and tells what happened', async () => {
    const lines: string[] = [];

    const result = await runDemo(request(standIn(), lines), never);

    expect(result.steps.map(({ outcome }) => outcome)).toEqual(['planned', 'shipped', 'archived', 'planned']);
    const [row] = result.tokens;
    expect(result.plan).toEqual({ path: '.regen-history/rainfall-20260502-140000.md', text: plan });
    expect(lines.filter((line) => line.startsWith('$'))).toEqual([
      '$ regen   planned rainfall: 1 item to do  (1.2 s)',
      '$ regen   shipped path: PR #1, 25 tokens, $0.0001  (1.2 s)',
      '$ regen   rainfall is complete: its plan is archived  (1.2 s)',
      '$ regen   planned daylight: 3 items to do  (1.2 s)',
    ]);
    expect(row).toMatchObject({ item: 'path', requests: 1, booked: 25 });
    expect(row?.billed).toBeGreaterThan(25);
    expect(lines).toContain('  - [x] path');
    expect(lines.at(-1)).toBe('All of it is removed again.');
  });

  test('gives regen a pushed repository and an environment that stays in the temporary folder', async () => {
    const places: CliPlace[] = [];

    const { folder } = await runDemo(request(standIn(places), [], true), never);

    kept.push(folder ?? '');
    const [place] = places;
    const outside = Object.entries(place?.env ?? {}).filter(
      ([name, value]) => value.startsWith('/') && name !== 'PATH' && !value.startsWith(`${folder ?? ''}/`),
    );
    expect(outside).toEqual([]);
    expect(await runGit(place?.cwd ?? '', ['status', '--short', '--branch'])).toBe(
      '## main...origin/main\n?? .regen-history/',
    );
    expect(existsSync(path.join(folder ?? '', 'bin', 'claude'))).toBe(true);
  });

  test('leaves nothing behind: no folder, no server', async () => {
    const places: CliPlace[] = [];

    await runDemo(request(standIn(places)), never);

    expect(existsSync(folderOf(places[0]))).toBe(false);
    const { ANTHROPIC_BASE_URL: model = '', GITHUB_API_URL: forge = '' } = places[0]?.env ?? {};
    await expect(fetch(model)).rejects.toThrow('fetch failed');
    await expect(fetch(forge)).rejects.toThrow('fetch failed');
  });

  test('passes on what stopped an invocation, and clears up all the same', async () => {
    const error = { code: 'environment', message: 'no claude', hint: 'Install it.' };
    let folder = '';
    const runCli: RunCli = (_args, place) => {
      folder = folderOf(place);
      return Promise.resolve({ exitCode: 3, stdout: JSON.stringify({ error, exit: 3 }), stderr: '' });
    };

    const demo = runDemo(request(runCli), never);

    await expect(demo).rejects.toEqual(new RegenError('environment', 'no claude', { hint: 'Install it.' }));
    expect(folder).toContain('regen-demo-');
    expect(existsSync(folder)).toBe(false);
  });

  test('ends on an interruption with what interrupted it, and clears up all the same', async () => {
    const controller = new AbortController();
    const reason = new RegenError('interrupted', 'interrupted by SIGINT');
    let folder = '';
    const runCli: RunCli = (_args, place, signal) => {
      folder = folderOf(place);
      controller.abort(reason);
      signal.throwIfAborted();
      return Promise.reject(new Error('the signal was not handed on'));
    };

    const demo = runDemo(request(runCli), controller.signal);

    await expect(demo).rejects.toBe(reason);
    expect(folder).toContain('regen-demo-');
    expect(existsSync(folder)).toBe(false);
  });
});
