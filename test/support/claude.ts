/** The real Claude Code binary, told to talk to a scripted model on loopback and to leave the machine alone. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Script } from '../../src/demo/model/conversation.js';
import { startScriptedModel, type ScriptedModel } from '../../src/demo/model/server.js';

/** The devDependency's binary. */
export const claudePath = fileURLToPath(new URL('../../node_modules/.bin/claude', import.meta.url));

/** The same binary, for a third less processor time: it is started some hundred times, and never for long. */
export const leanClaudePath = fileURLToPath(new URL('./bin/claude', import.meta.url));

/** A scripted model with the real clock and random ids. */
export function startModel(script: Script): Promise<ScriptedModel> {
  return startScriptedModel({ script, now: () => new Date(), newId: randomUUID });
}

/** A whole environment for the binary: scratch home in `home`, the model at `url`, nothing of the machine's own. */
export function claudeEnv(home: string, url: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: home, // it keeps a folder of its own there
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'sk-test',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // As root, Claude Code refuses bypassPermissions outside of a sandbox.
    IS_SANDBOX: '1',
  };
}

/** A scratch home and an empty project folder, removed by `await using`. */
export interface ClaudePlace extends AsyncDisposable {
  readonly home: string;
  readonly cwd: string;
}

export async function claudePlace(): Promise<ClaudePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'regen-claude-'));
  const place = { home: join(folder, 'home'), cwd: join(folder, 'project') };
  await mkdir(place.home);
  await mkdir(place.cwd);
  return { ...place, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

export interface ClaudeRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the binary in print mode with the prompt on stdin. */
export async function runClaude(
  place: { readonly home: string; readonly cwd: string; readonly url: string },
  prompt: string,
  flags: readonly string[],
): Promise<ClaudeRun> {
  const { exitCode, stdout, stderr } = await execa(leanClaudePath, ['-p', ...flags], {
    cwd: place.cwd,
    env: claudeEnv(place.home, place.url),
    extendEnv: false,
    input: prompt,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** Every record of every transcript below the home. */
export async function transcriptRecords(home: string): Promise<unknown[]> {
  const projects = join(home, '.claude', 'projects');
  const files = (await readdir(projects, { recursive: true })).filter((file) => file.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((file) => readFile(join(projects, file), 'utf8')));
  return texts.flatMap((text) =>
    text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)])),
  );
}
