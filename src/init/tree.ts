/** What `regen init` wants to know of the repository. */

/** Asks git in the repository's root, whatever the exit status. */
export interface Git {
  run(
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly exitCode: number; readonly stdout: string }>;
}

export interface TreeFacts {
  /** The tracked files. */
  readonly paths: readonly string[];
  /** `<remote>/<branch>` */
  readonly base: string;
  readonly isOnGitHub: boolean;
}

/** What can't be found out is left at what is usual. */
export async function readTree(git: Git, signal: AbortSignal): Promise<TreeFacts> {
  const { stdout } = await git.run(['ls-files', '-z'], signal);
  const remote = await firstRemote(git, signal);
  const url = remote === null ? '' : await line(git, ['remote', 'get-url', remote], signal);
  return {
    paths: stdout.split('\0').filter((path) => path !== ''),
    base: `${remote ?? 'origin'}/${await baseBranch(git, remote, signal)}`,
    isOnGitHub: /(?:^|[@/])(?:www\.|ssh\.)?github\.com[:/]/.test(url),
  };
}

async function firstRemote(git: Git, signal: AbortSignal): Promise<string | null> {
  const { stdout } = await git.run(['remote'], signal);
  const remotes = stdout.split('\n').filter((name) => name !== '' && !name.includes('/'));
  return remotes.includes('origin') ? 'origin' : (remotes[0] ?? null);
}

/** What a clone knows as the remote's own branch; else the first usual one that was fetched; else the one checked out. */
async function baseBranch(git: Git, remote: string | null, signal: AbortSignal): Promise<string> {
  const head = `refs/remotes/${remote ?? 'origin'}/HEAD`;
  const known = await line(git, ['symbolic-ref', '--quiet', head], signal);
  if (known !== '') return known.replace(`refs/remotes/${remote ?? 'origin'}/`, '');
  const fetched = `refs/remotes/${remote ?? 'origin'}/`;
  for (const usual of ['main', 'master', 'trunk', 'develop']) {
    const isThere = await line(git, ['rev-parse', '--verify', '--quiet', `${fetched}${usual}`], signal);
    if (isThere !== '') return usual;
  }
  const current = await line(git, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal);
  return current === '' ? 'main' : current;
}

async function line(git: Git, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { exitCode, stdout } = await git.run(args, signal);
  return exitCode === 0 ? stdout.trim() : '';
}
