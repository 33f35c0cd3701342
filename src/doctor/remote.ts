/** The remote that the base names, and the branch on it. */
import { missing, notLookedAt, ok, warning } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

export interface Remote {
  readonly name: string;
  readonly branch: string;
  /** null: there is no such remote. */
  readonly url: string | null;
  /** Where it is pushed to; null as above. */
  readonly pushUrl: string | null;
  readonly answer: RemoteAnswer;
}

type RemoteAnswer =
  | { readonly kind: 'answered'; readonly hasBranch: boolean; readonly ownBranch: string | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly remotes: readonly string[] };

/** A remote that takes longer than this is reported as silent. */
const limitMs = 20_000;

/** Asks the remote; that it doesn't answer is an answer. */
export async function askRemote({ git, settings }: Site, signal: AbortSignal): Promise<Remote> {
  const remotes = (await git.run(['remote'], signal)).stdout.split('\n').filter((line) => line !== '');
  const { name, branch } = splitBase(settings.base, remotes);
  if (!remotes.includes(name)) {
    return { name, branch, url: null, pushUrl: null, answer: { kind: 'unknown', remotes } };
  }
  const urlOf = async (...options: string[]) =>
    (await git.run(['remote', 'get-url', ...options, '--', name], signal)).stdout.replace(/\n$/, '');
  const [url, pushUrl] = [await urlOf(), await urlOf('--push')];
  return { name, branch, url, pushUrl, answer: await listBranch({ git, name, branch }, signal) };
}

export function examineRemote({ name, url, answer }: Remote): Finding {
  switch (answer.kind) {
    case 'answered':
      return ok(`${name} answers: ${withoutCredentials(url ?? '')}`);
    case 'refused':
      return missing(
        `${name} (${withoutCredentials(url ?? '')}) can't be read: ${answer.reason}`,
        `"git ls-remote ${name}" has to work without asking for anything.`,
      );
    case 'unknown':
      return missing(
        `there is no remote named ${name}`,
        answer.remotes.length === 0
          ? `git remote add ${name} <URL>`
          : `Set base in regen.yaml (remotes: ${answer.remotes.join(', ')}), or git remote add ${name} <URL>`,
      );
  }
}

/** @param isAgeUnknown - the ages are read from a history that isn't there. */
export function examineBase({ name, branch, answer }: Remote, isAgeUnknown: boolean): Finding {
  if (answer.kind !== 'answered') return notLookedAt(`${name} doesn't answer`, 'remote');
  if (answer.hasBranch && isAgeUnknown) {
    return warning(
      `${name}/${branch}, in a shallow clone: targets.updated reads ages from the history, which is cut off`,
      'git fetch --unshallow',
    );
  }
  if (answer.hasBranch) return ok(`${name}/${branch}`);
  const { ownBranch } = answer;
  return missing(
    `${name} has no branch ${branch}`,
    ownBranch === null
      ? `git push ${name} HEAD:refs/heads/${branch}`
      : `Set base to ${name}/${ownBranch} in regen.yaml, or git push ${name} HEAD:refs/heads/${branch}`,
  );
}

/** Whether the history that `targets.updated: git` reads is cut off. */
export async function isCutOff({ git, config }: Site, signal: AbortSignal): Promise<boolean> {
  if (config?.targets.updated !== 'git') return false;
  return (await git.run(['rev-parse', '--is-shallow-repository'], signal)).stdout.trim() === 'true';
}

/** The longest remote that the base begins with, for the names of both may hold slashes. */
function splitBase(base: string, remotes: readonly string[]): { name: string; branch: string } {
  const known = remotes.filter((remote) => base.startsWith(`${remote}/`));
  const name = known.toSorted((left, right) => right.length - left.length)[0] ?? base.split('/')[0] ?? '';
  return { name, branch: base.slice(name.length + 1) };
}

async function listBranch(
  { git, name, branch }: Pick<Remote, 'name' | 'branch'> & Pick<Site, 'git'>,
  signal: AbortSignal,
): Promise<RemoteAnswer> {
  const limit = AbortSignal.timeout(limitMs);
  const args = ['ls-remote', '--symref', '--', name, 'HEAD', `refs/heads/${branch}`];
  try {
    const { exitCode, stdout, reason } = await git.run(args, AbortSignal.any([signal, limit]));
    if (exitCode !== 0) return { kind: 'refused', reason };
    return {
      kind: 'answered',
      hasBranch: stdout.split('\n').some((line) => line.endsWith(`\trefs/heads/${branch}`)),
      ownBranch: /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(stdout)?.[1] ?? null,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    return { kind: 'refused', reason: `no answer within ${limitMs / 1000} s` };
  }
}

function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]+@/i, '$1***@');
}
