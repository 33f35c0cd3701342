/** Where the bench plays: a clone of the real repository with a remote of its own, a model and a forge on loopback. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { claudeEnv, claudePath, startModel } from '../../test/support/claude.js';
import { exampleConfig } from '../../test/support/example-files.js';
import { startForge } from '../../test/support/forge.js';
import { editor } from './editor.js';
import { takeGitRuns, traceSettings } from './git-trace.js';
import type { GitRun } from './git-trace.js';

export interface Scene extends AsyncDisposable {
  /** The clone that regen runs in. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  gitRuns(): Promise<readonly GitRun[]>;
}

const tldrLint = fileURLToPath(new URL('../../node_modules/.bin/tldr-lint', import.meta.url));

/** @param source - a clone of tldr-pages/tldr, bare or not; it is only read. */
export async function makeScene(source: string): Promise<Scene> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'regen-bench-')));
  const home = path.join(folder, 'home');
  const root = path.join(folder, 'tldr');
  const remote = path.join(folder, 'tldr.git');
  const trace = path.join(folder, 'trace');
  const bin = path.join(root, 'node_modules', '.bin');
  for (const name of [home, trace]) await mkdir(name);
  const identity = '[user]\n\tname = Bench\n\temail = bench@example.invalid\n';
  await writeFile(path.join(home, '.gitconfig'), identity + traceSettings(trace));
  const model = await startModel(editor);
  const forge = await startForge({ owner: 'tldr-pages', repo: 'tldr', remote });
  const env = {
    ...claudeEnv(home, model.url),
    PATH: [path.dirname(claudePath), process.env['PATH'] ?? ''].join(path.delimiter),
    GIT_CONFIG_NOSYSTEM: '1',
    GITHUB_API_URL: forge.apiUrl,
    GITHUB_TOKEN: forge.token,
    NO_COLOR: '1',
  };
  const clone = (...args: readonly string[]) =>
    execFileSync('git', ['clone', '--quiet', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  clone('--bare', '--shared', source, remote);
  // Nothing is ever read from the working copy's files, so none are written.
  clone('--shared', '--no-checkout', '--single-branch', '--branch', 'main', remote, root);
  await mkdir(bin, { recursive: true });
  await symlink(tldrLint, path.join(bin, 'tldr-lint'));
  await writeFile(path.join(root, 'regen.yaml'), await exampleConfig('tldr'));
  await takeGitRuns(trace);
  return {
    root,
    env,
    gitRuns: () => takeGitRuns(trace),
    async [Symbol.asyncDispose]() {
      await model.close();
      await forge.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
