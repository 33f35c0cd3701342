/** What `regen init` wants to know of the repository. */
import { createAskGit } from '../system/git-query.js';
import type { AskGit } from '../system/git-query.js';
import type { Surroundings } from '../model/surroundings.js';

export interface TreeFacts {
  /** The tracked files. */
  readonly paths: readonly string[];
  /** `<remote>/<branch>` */
  readonly base: string;
  readonly isOnGitHub: boolean;
}

/** @throws RegenError `environment` when git can't be asked. */
export async function readTree({ root, env }: Surroundings, signal: AbortSignal): Promise<TreeFacts> {
  const ask = createAskGit({ cwd: root, env });
  const { stdout } = await ask(['ls-files', '-z'], signal);
  const remote = await firstRemote(ask, signal);
  const url = remote === null ? '' : await line(ask, ['remote', 'get-url', remote], signal);
  return {
    paths: stdout.split('\0').filter((path) => path !== ''),
    base: `${remote ?? 'origin'}/${await baseBranch(ask, remote, signal)}`,
    isOnGitHub: /(?:^|[@/])(?:www\.|ssh\.)?github\.com[:/]/.test(url) || Boolean(env['GITHUB_API_URL']),
  };
}

async function firstRemote(ask: AskGit, signal: AbortSignal): Promise<string | null> {
  const { stdout } = await ask(['remote'], signal);
  const remotes = stdout.split('\n').filter((name) => name !== '' && !name.includes('/'));
  return remotes.includes('origin') ? 'origin' : (remotes[0] ?? null);
}

/** What a clone knows as the remote's own branch; else the one that is checked out. */
async function baseBranch(ask: AskGit, remote: string | null, signal: AbortSignal): Promise<string> {
  const head = `refs/remotes/${remote ?? 'origin'}/HEAD`;
  const known = await line(ask, ['symbolic-ref', '--quiet', head], signal);
  if (known !== '') return known.replace(`refs/remotes/${remote ?? 'origin'}/`, '');
  const current = await line(ask, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal);
  return current === '' ? 'main' : current;
}

async function line(ask: AskGit, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { code, stdout } = await ask(args, signal);
  return code === 0 ? stdout.trim() : '';
}
