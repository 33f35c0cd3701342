/** The client of GitHub's REST API, as octokit makes it. */
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { tokenNeeds } from './refusals.js';

export interface Connection {
  /** null: octokit's default. */
  readonly apiUrl: string | null;
  /** A second between writes, three between those that notify people, as GitHub asks. */
  readonly isPaced: boolean;
  /** What the waits before a retry are multiples of, in milliseconds. */
  readonly backoffMs: number;
}

const requestTimeoutMs = 30_000;

const PatientOctokit = Octokit.plugin(throttling, retry);

/** @throws RegenError `environment` when there is no token. */
export function connect(surroundings: Surroundings, connection: Connection): Octokit {
  // The waits for a limit are github.ts's: the plugin's don't end when the signal aborts.
  const leaveToUs = () => undefined;
  const tell = (line: string) => {
    surroundings.progress(line);
  };
  return new PatientOctokit({
    auth: readToken(surroundings.env),
    userAgent: 'regen',
    ...(connection.apiUrl !== null && { baseUrl: connection.apiUrl }),
    log: { debug: () => undefined, info: () => undefined, warn: tell, error: () => undefined },
    request: { fetch: fetchInTime },
    throttle: { enabled: connection.isPaced, onRateLimit: leaveToUs, onSecondaryRateLimit: leaveToUs },
    retry: { retries: 2, retryAfterBaseValue: connection.backoffMs, doNotRetry: everyRefusal },
  });
}

/** Every 4xx: to ask the same again brings the same answer, or meets a limit once more. */
const everyRefusal = Array.from({ length: 100 }, (_, index) => 400 + index);

function readToken(env: Surroundings['env']): string {
  const token = (env['GITHUB_TOKEN'] ?? '').trim() || (env['GH_TOKEN'] ?? '').trim();
  if (/[^\x21-\x7e]/.test(token)) {
    // Sent as it is, the request's own error would quote it.
    throw new RegenError('environment', 'The GitHub token is none: it holds blanks or line breaks.', {
      hint: tokenNeeds,
    });
  }
  if (token !== '') return token;
  throw new RegenError('environment', 'No GitHub token: neither GITHUB_TOKEN nor GH_TOKEN is set.', {
    hint: `${tokenNeeds} Or set ship.to to branch or local.`,
  });
}

async function fetchInTime(url: string, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return await fetch(url, { ...init, signal });
}
