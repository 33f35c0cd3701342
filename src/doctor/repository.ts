/** git itself, the checkout and who commits. */
import { missing, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';
import { findVersion, formatVersion, isAtLeast } from './version.js';

/** The oldest git that the tests have run with. */
const oldestGit = [2, 39];

export async function examineGit({ git }: Site, signal: AbortSignal): Promise<Finding> {
  const { stdout } = await git.run(['--version'], signal);
  const version = findVersion(stdout);
  if (version !== null && isAtLeast(version, oldestGit)) return ok(formatVersion(version));
  const found = version === null ? `"git --version" says: ${stdout.trim()}` : formatVersion(version);
  return missing(found, `Install git ${formatVersion(oldestGit)} or newer.`);
}

/** A bare repository, or one of somebody else, isn't one that regen can work in. */
export async function examineCheckout(root: string, { git }: Site, signal: AbortSignal): Promise<Finding> {
  const { exitCode, stdout, reason } = await git.run(['rev-parse', '--is-inside-work-tree'], signal);
  if (exitCode === 0 && stdout.trim() === 'true') return ok(root);
  if (exitCode === 0) return missing(`${root} has no working copy`, 'Run regen in a clone that has one.');
  const isForeign = reason.includes('dubious ownership');
  return missing(
    `git refuses ${root}: ${reason}`,
    isForeign
      ? `If you trust it: git config --global --add safe.directory ${root}`
      : `See what "git status" says in ${root}.`,
  );
}

export async function examineIdentity({ git }: Site, signal: AbortSignal): Promise<Finding> {
  const committer = await git.run(['var', 'GIT_COMMITTER_IDENT'], signal);
  const author = await git.run(['var', 'GIT_AUTHOR_IDENT'], signal);
  const failed = [committer, author].find(({ exitCode }) => exitCode !== 0);
  // `Name <e-mail> 1700000000 +0100`
  if (failed === undefined) return ok(committer.stdout.trim().replace(/ \d+ [+-]\d{4}$/, ''));
  return missing(
    `git doesn't know who commits: ${failed.reason}`,
    'git config --global user.name "…"; git config --global user.email "…"',
  );
}
