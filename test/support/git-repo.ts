/** A real git repository with a bare remote, built from a literal. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Path to text; null deletes the file. */
export type FilesLiteral = Readonly<Record<string, string | null>>;

export interface CommitLiteral {
  readonly files: FilesLiteral;
  readonly message?: string;
  /** ISO 8601; by default each commit is one hour younger than the one before, from 2025-01-01T00:00:00Z on. */
  readonly date?: string;
}

export interface RepositoryLiteral {
  /** The first commit; left out: an unborn branch, and a remote without any. */
  readonly files?: FilesLiteral;
  /** The commits on top of it. */
  readonly commits?: readonly CommitLiteral[];
  /** The checkout's folder, for names with blanks and quotes. */
  readonly folder?: string;
}

export interface TestRepository {
  /** The checkout, absolute and without symlinks: branch `main`, pushed. */
  readonly root: string;
  /** The bare repository that is `origin`. */
  readonly remote: string;
  /** Runs git in the checkout; returns stdout without its last newline. */
  git(...args: readonly string[]): Promise<string>;
  /** Writes the files in the checkout, commits them on the current branch, pushes nothing; returns the SHA. */
  commit(commit: CommitLiteral): Promise<string>;
  /** Removes checkout and remote. */
  cleanup(): Promise<void>;
}

/** What git runs with in tests: nothing of this machine's settings, nor of a git that runs the tests. */
export function gitEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
}

export async function makeRepository(literal: RepositoryLiteral = {}): Promise<TestRepository> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'regen-test-')));
  const root = path.join(home, literal.folder ?? 'repository');
  const remote = path.join(home, 'remote.git');
  await runGit(home, ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  await runGit(home, ['init', '--quiet', '--initial-branch=main', root]);
  // Written, not asked for: every test makes a repository, and each git takes its milliseconds.
  await appendFile(path.join(root, '.git', 'config'), settings(remote));

  let commits = 0;
  const commit = async (next: CommitLiteral) => {
    const date = next.date ?? new Date(Date.UTC(2025, 0, 1, commits)).toISOString();
    commits += 1;
    await writeFiles(root, next.files);
    await runGit(root, ['add', '--all']);
    const message = next.message ?? `Commit ${commits}`;
    await runGit(root, ['commit', '--quiet', '--allow-empty', '-m', message], {
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    });
    return runGit(root, ['rev-parse', 'HEAD']);
  };

  if (literal.files !== undefined) await commit({ files: literal.files });
  for (const next of literal.commits ?? []) await commit(next);
  if (commits > 0) await runGit(root, ['push', '--quiet', '--set-upstream', 'origin', 'main']);
  return {
    root,
    remote,
    git: (...args) => runGit(root, args),
    commit,
    cleanup: () => rm(home, { recursive: true, force: true }),
  };
}

function settings(remote: string): string {
  const url = remote.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return [
    '[user]',
    '\tname = Test Person',
    '\temail = person@example.invalid',
    '[remote "origin"]',
    `\turl = "${url}"`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    '',
  ].join('\n');
}

/** Writes the files below a folder and makes the folders they need; null removes one. */
export async function writeFiles(root: string, files: FilesLiteral): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    if (text === null) {
      await rm(file, { force: true });
      continue;
    }
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const run = promisify(execFile);

/** Runs git in a folder, for what a {@link TestRepository} has no method for (clones, other worktrees). */
export async function runGit(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run('git', [...args], {
    cwd,
    env: { ...gitEnvironment(), ...env },
    maxBuffer: 1 << 28,
  });
  return stdout.replace(/\n$/, '');
}
