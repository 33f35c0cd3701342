/** The remote that is pushed to, handed to git by environment: a URL may hold a password, and arguments are public. */
import { RegenError } from '../model/errors.js';
import { configVariables } from './git-environment.js';
import { withoutCredentials } from './git-messages.js';
import type { Git } from './git.js';
import type { Repository } from './repository.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface PushRemote {
  readonly name: string;
  /** Makes `name` known to git; no token. */
  readonly env: Readonly<Record<string, string>>;
  /** The same with the forge's token, when the remote is the forge's; for the push child alone. */
  readonly pushEnv: Readonly<Record<string, string>>;
  /** Whether `pushEnv` holds a token. */
  readonly hasToken: boolean;
  /** For messages. */
  readonly shownUrl: string;
}

const name = 'regen-push';

export async function findPushRemote(
  tools: { readonly git: Git; readonly repository: Repository; readonly env: Env },
  signal: AbortSignal,
): Promise<PushRemote> {
  const url = await remoteUrl(tools, signal);
  const settings = [[`remote.${name}.url`, url]] as const;
  const credential = credentialFor(url, tools.env);
  return {
    name,
    env: configVariables(settings, tools.env),
    pushEnv: configVariables([...settings, ...credential], tools.env),
    hasToken: credential.length > 0,
    shownUrl: withoutCredentials(url),
  };
}

/** Where the base's remote is pushed to. */
export async function remoteUrl(
  { git, repository }: { readonly git: Git; readonly repository: Repository },
  signal: AbortSignal,
): Promise<string> {
  const { remote } = await repository.base(signal);
  const result = await git.run(['remote', 'get-url', '--push', '--', remote], signal);
  const url = result.stdout.replace(/\n$/, '');
  if (result.exitCode === 0 && url !== '') return url;
  throw new RegenError('environment', `remote ${remote} has no URL`, {
    hint: `git remote set-url ${remote} <URL>`,
  });
}

/**
 * The settings that log a push in with the token from the environment, or none: only an http(s) remote on the host
 * whose API the token is for, and over plain http only if that API is. The header is tied to that origin, so that a
 * planted `url.*.insteadOf` doesn't carry it elsewhere.
 */
export function credentialFor(url: string, env: Env): readonly (readonly [string, string])[] {
  const token = nonEmpty(env['GITHUB_TOKEN']?.trim()) ?? nonEmpty(env['GH_TOKEN']?.trim());
  const remote = parseUrl(url);
  const api = parseUrl(nonEmpty(env['GITHUB_API_URL']) ?? 'https://api.github.com');
  if (token === null || remote === null || api === null) return [];
  const isWeb = remote.protocol === 'https:' || (remote.protocol === 'http:' && api.protocol === 'http:');
  if (!isWeb || remote.hostname !== api.hostname.replace(/^api\./, '')) return [];
  const key = `http.${remote.protocol}//${remote.host}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return [
    // Empty values clear the lists: two Authorization headers are refused, and no helper is to learn the token.
    [key, ''],
    [key, `Authorization: Basic ${basic}`],
    ['credential.helper', ''],
  ];
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
