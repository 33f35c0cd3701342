/** The errors that a user sees when GitHub doesn't do what it was asked. Pure. */
import { RegenError } from '../model/errors.js';
import type { Denied, Invalid, Limited, Setback } from './failure.js';
import type { Repository } from './repository.js';

/** The hint wherever a token is missing, refused or too weak. */
export const tokenNeeds =
  'Put a token into GITHUB_TOKEN that may write contents and pull requests of the repository.';

export function deniedError(
  { isTokenAccepted, detail }: Denied,
  { owner, name }: Repository,
  cause: unknown,
): RegenError {
  const message = isTokenAccepted
    ? `GitHub doesn't let the token do this in ${owner}/${name}: ${detail}`
    : `GitHub doesn't accept the token: ${detail}`;
  return new RegenError('environment', message, { hint: tokenNeeds, cause });
}

export function limitedError({ waitMs, detail }: Limited, now: Date, cause: unknown): RegenError {
  return new RegenError('wait', `GitHub's rate limit is used up: ${detail}`, {
    hint: 'Run regen again after that time; it goes on where it stopped.',
    retryAt: new Date(now.getTime() + waitMs),
    waitsFor: 'forge_limit',
    cause,
  });
}

/** @param what - an infinitive: `list pull requests`. */
export function failedError({ kind, detail }: Setback | Invalid, what: string, cause: unknown): RegenError {
  switch (kind) {
    case 'unknown':
      return new RegenError('wait', `GitHub didn't answer when asked to ${what}: ${detail}`, {
        hint: 'Run regen again later; it goes on where it stopped.',
        waitsFor: 'network',
        cause,
      });
    case 'missing':
      return new RegenError('environment', `GitHub has nothing there when asked to ${what}: ${detail}`, {
        hint: 'Check ship.repository, and that the token may see the repository.',
        cause,
      });
    case 'invalid':
      return new RegenError('environment', `GitHub refuses to ${what}: ${detail}`, {
        hint: 'Mend what GitHub names, then run regen again.',
        cause,
      });
  }
}

/** @param what - an infinitive: `open a pull request`. */
export function invalidError({ detail }: Invalid, what: string, cause: unknown): RegenError {
  return new RegenError('item', `GitHub refuses to ${what}: ${detail}`, {
    hint: 'mend what GitHub names',
    cause,
  });
}

/** The answer came from something else: a proxy's page, another API. */
export function strangeError(route: string, problem: string, cause: unknown): RegenError {
  return new RegenError('environment', `The answer to ${route} isn't GitHub's: ${problem}`, {
    hint: 'Check that GITHUB_API_URL is the address of a GitHub API.',
    cause,
  });
}
