/** The sample repository on disk: a checkout, and a bare repository as its remote. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RegenError } from '../model/errors.js';
import { runChild } from '../system/child.js';

export interface SampleRepository {
  /** The checkout: branch `main`, pushed. */
  readonly root: string;
  /** The bare repository that is `origin`. */
  readonly remote: string;
}

/** Writes the files, commits and pushes them. `env` is the whole environment of git. */
export async function createSampleRepository(
  folder: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SampleRepository> {
  const root = join(folder, 'charts');
  const remote = join(folder, 'charts.git');
  const git = (...args: readonly string[]) => runGit(args, { cwd: folder, env }, signal);
  await git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  await git('init', '--quiet', '--initial-branch=main', root);
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await git('-C', root, 'remote', 'add', 'origin', remote);
  await git('-C', root, 'add', '--all');
  await git('-C', root, 'commit', '--quiet', '--message', 'Charts and their first renderers');
  await git('-C', root, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  return { root, remote };
}

async function runGit(
  args: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<void> {
  const { end, stderr } = await runChild({ command: ['git', ...args], ...place }, signal);
  signal.throwIfAborted();
  if (end.kind === 'exited' && end.code === 0) return;
  if (end.kind === 'missing') {
    throw new RegenError('environment', 'git is not installed, or not on the PATH', {
      hint: 'Install git.',
      cause: end.cause,
    });
  }
  throw new RegenError('environment', `git ${args.join(' ')} failed: ${stderr.trim()}`);
}
