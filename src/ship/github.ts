/** Requests to GitHub's REST API: patient with its limits, and never sending a write twice on its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Octokit } from '@octokit/rest';
import type * as z from 'zod';
import type { Surroundings } from '../model/surroundings.js';
import type { Invalid, Limited, Setback } from './failure.js';
import { readFailure } from './failure.js';
import { connect } from './octokit.js';
import { deniedError, failedError, invalidError, limitedError, strangeError } from './refusals.js';
import { isLoopbackHost } from './repository.js';
import type { Repository } from './repository.js';

/** One request: a route such as `GET /repos/{owner}/{repo}/pulls`; owner and repo are filled in. */
interface Call {
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What is left to the caller to decide; the rest is thrown. */
export type Answer<T> =
  { readonly kind: 'ok'; readonly data: T } | ((Setback | Invalid) & { readonly cause: unknown });

export interface GitHub {
  readonly repository: Repository;
  /**
   * @throws RegenError `environment` for a missing or refused token, `wait` for a limit that lasts longer than a
   * minute; the signal's reason when it aborts.
   */
  ask<T>(call: Call, schema: z.ZodType<T>, signal: AbortSignal): Promise<Answer<T>>;
  /** Before the next try of a write whose effect is unknown; `round` counts from 1. */
  pause(round: number, signal: AbortSignal): Promise<void>;
}

export interface GitHubOptions {
  readonly surroundings: Surroundings;
  readonly repository: Repository;
  /** null: octokit's default. */
  readonly apiUrl: string | null;
  /** A second between writes, as GitHub asks; the default spares only a server on loopback. */
  readonly isPaced?: boolean;
}

const maxWaitMs = 60_000;
const maxWaits = 3;

/** The token is read with the first request, not before. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { surroundings, repository, apiUrl } = options;
  const isPaced = options.isPaced ?? (apiUrl === null || !isLoopbackHost(new URL(apiUrl).hostname));
  const backoffMs = isPaced ? 1000 : 10;
  let client: Octokit | null = null;
  return {
    repository,
    async ask(call, schema, signal) {
      client ??= connect(surroundings, { apiUrl, isPaced, backoffMs });
      const request = { client, repository, call };
      for (let waits = 0; ; waits++) {
        const answer = await send(request, surroundings, signal);
        if (answer.kind === 'ok') return { kind: 'ok', data: check(schema, answer.data, call) };
        if (answer.kind !== 'limited') return answer;
        const { waitMs, cause } = answer;
        if (waitMs > maxWaitMs || waits === maxWaits) throw limitedError(answer, surroundings.now(), cause);
        surroundings.progress(`GitHub's rate limit: waiting ${Math.ceil(waitMs / 1000)} s`);
        await wait(waitMs, signal);
      }
    },
    pause: (round, signal) => wait(round * backoffMs, signal),
  };
}

/**
 * The data of an answer that has to be there.
 *
 * @param what - an infinitive for the error: `list pull requests`.
 * @throws RegenError `wait` when GitHub didn't answer, `environment` for what it refuses.
 */
export function expectData<T>(answer: Answer<T>, what: string): T {
  if (answer.kind === 'ok') return answer.data;
  throw failedError(answer, what, answer.cause);
}

/**
 * The same for what is asked on one item's behalf: a 422 is about that item, and the others may fare better.
 *
 * @throws RegenError `item` for what GitHub finds invalid; else as `expectData`.
 */
export function expectForItem<T>(answer: Answer<T>, what: string): T {
  if (answer.kind === 'invalid') throw invalidError(answer, what, answer.cause);
  return expectData(answer, what);
}

interface Request {
  readonly client: Octokit;
  readonly repository: Repository;
  readonly call: Call;
}

type Sent = Answer<unknown> | (Limited & { readonly cause: unknown });

async function send(
  { client, repository, call }: Request,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Sent> {
  const { route, parameters } = call;
  try {
    const answer: { readonly data: unknown } = await client.request(route, {
      owner: repository.owner,
      repo: repository.name,
      ...parameters,
      headers: { 'x-github-api-version': '2022-11-28' },
      // A POST that got no answer may have worked: the caller looks before it repeats.
      request: { signal, ...(route.startsWith('POST ') && { retries: 0 }) },
    });
    return { kind: 'ok', data: answer.data };
  } catch (cause) {
    signal.throwIfAborted();
    const failure = readFailure(cause, surroundings.now());
    if (failure === null) throw cause;
    if (failure.kind === 'denied') throw deniedError(failure, repository, cause);
    return { ...failure, cause };
  }
}

function check<T>(schema: z.ZodType<T>, data: unknown, { route }: Call): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
  throw strangeError(route, `${place}: ${issue?.message ?? 'unreadable'}`, parsed.error);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted(); // the reason, not the timer's own error
    throw error;
  }
}
