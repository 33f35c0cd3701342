/** Which repository of which host is meant. Pure. */
import { RegenError } from '../model/errors.js';

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** What a remote's URL says; host is lower case, without user or port. */
export interface RemoteAddress extends Repository {
  readonly host: string;
}

/**
 * Reads `https://host/owner/name.git`, `ssh://git@host:22/owner/name` and `git@host:owner/name.git`.
 * null for anything that names no owner: a local path, a deeper or shallower URL.
 */
export function parseRemoteUrl(url: string): RemoteAddress | null {
  const { host, path } = splitUrl(url.trim()) ?? {};
  if (host === undefined || path === undefined) return null;
  const match = /^\/?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(path);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { host: host.toLowerCase(), owner: match[1], name: match[2] };
}

/** @throws RegenError `config` when neither regen.yaml nor the remote names owner and repository. */
export function resolveRepository(configured: string | undefined, remoteUrl: string | null): Repository {
  const [owner, name] = configured?.split('/') ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  const parsed = remoteUrl === null ? null : parseRemoteUrl(remoteUrl);
  if (parsed !== null) return { owner: parsed.owner, name: parsed.name };
  const found = remoteUrl === null ? 'there is no remote' : `the remote is ${withoutCredentials(remoteUrl)}`;
  throw new RegenError('config', `No GitHub repository to open pull requests in: ${found}.`, {
    hint: 'Set ship.repository to owner/name in regen.yaml, or ship.to to branch or local.',
  });
}

/**
 * The API's address; null: octokit's own default. A host that isn't known to be GitHub's is never guessed at:
 * the token would go there.
 *
 * @throws RegenError `environment` for a GITHUB_API_URL that is no URL, `config` for an unknown host.
 */
export function resolveApiUrl(given: string | undefined, remoteUrl: string | null): string | null {
  if (given !== undefined && given.trim() !== '') return checkedApiUrl(given.trim());
  const host = remoteUrl === null ? undefined : parseRemoteUrl(remoteUrl)?.host;
  // A name without a dot is an alias out of ~/.ssh/config, nearly always one of github.com.
  if (host === undefined || !host.includes('.') || isLoopbackHost(host)) return null;
  if (host === 'github.com' || host === 'ssh.github.com') return null;
  throw new RegenError('config', `The remote's host is ${host}, and nothing says where its API is.`, {
    hint: `Set GITHUB_API_URL (GitHub Enterprise: https://${host}/api/v3), or ship.to to branch.`,
  });
}

/** Whether a host name or a URL's host stays on this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function splitUrl(url: string): { host: string; path: string } | null {
  if (url.includes('://')) {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    const isRemote = parsed !== null && /^(https?|ssh|git|git\+ssh):$/.test(parsed.protocol);
    return isRemote ? { host: parsed.hostname, path: parsed.pathname } : null;
  }
  // scp form; a single letter before the colon is a Windows drive.
  const match = /^(?:[^@/\s]+@)?([^:/\s@]{2,}):([^\\]+)$/.exec(url);
  return match?.[1] === undefined || match[2] === undefined ? null : { host: match[1], path: match[2] };
}

function checkedApiUrl(given: string): string {
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given.replace(/\/+$/, '');
  throw new RegenError('environment', `GITHUB_API_URL is no http or https URL: ${given}`, {
    hint: 'Unset it for github.com; for GitHub Enterprise it ends in /api/v3.',
  });
}

function withoutCredentials(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^@/]*@/i, '$1');
}
