/** What a failed request means. Pure. */
import * as z from 'zod';
import { problemSchema } from './answers.js';

/** GitHub did nothing and says when to ask again. */
export interface Limited {
  readonly kind: 'limited';
  readonly waitMs: number;
  readonly detail: string;
}

/** What the caller can do something about; `unknown` is no answer or a 5xx: the effect may have taken place. */
export interface Setback {
  readonly kind: 'missing' | 'unknown';
  readonly detail: string;
}

/** A request that GitHub understood and refuses, a 422 as a rule. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly detail: string;
  readonly reasons: readonly string[];
}

/** The token is refused, or may not do this. */
export interface Denied {
  readonly kind: 'denied';
  readonly isTokenAccepted: boolean;
  readonly detail: string;
}

export type Failure = Limited | Setback | Invalid | Denied;

/** A request error of octokit; a request that got no answer has status 500 and no response. */
const requestErrorSchema = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }).optional(),
});

/** null when the error is none of a request: a bug, or the signal's abort. */
export function readFailure(error: unknown, now: Date): Failure | null {
  const { success, data: facts } = requestErrorSchema.safeParse(error);
  if (!success) return null;
  if (facts.response === undefined) return { kind: 'unknown', detail: facts.message };
  const { headers, data } = facts.response;
  const { message, errors } = problemSchema.catch({ message: '', errors: [] }).parse(data);
  const detail = `${facts.status}${message === '' ? '' : ` ${message}`}`;
  switch (facts.status) {
    case 401:
      return { kind: 'denied', isTokenAccepted: false, detail };
    case 403:
    case 429: {
      const waitMs = limitedFor(headers, message, now) ?? (facts.status === 429 ? defaultWaitMs : null);
      return waitMs === null
        ? { kind: 'denied', isTokenAccepted: true, detail }
        : { kind: 'limited', waitMs, detail };
    }
    case 404:
    case 410:
      return { kind: 'missing', detail };
    default: {
      if (facts.status >= 500) return { kind: 'unknown', detail };
      const reasons = errors.map(
        (one) => one.message ?? [one.resource, one.field, one.code].filter(Boolean).join(' '),
      );
      return { kind: 'invalid', detail: [detail, ...reasons].join(': '), reasons };
    }
  }
}

/** What GitHub's documentation asks for when a secondary limit comes without a time. */
const defaultWaitMs = 60_000;

/** Milliseconds; null when the refusal isn't about a rate limit. */
function limitedFor(headers: Readonly<Record<string, unknown>>, message: string, now: Date): number | null {
  const retryAfter = wholeNumber(headers['retry-after']);
  if (retryAfter !== null) return retryAfter * 1000;
  const reset = wholeNumber(headers['x-ratelimit-reset']);
  if (wholeNumber(headers['x-ratelimit-remaining']) === 0 && reset !== null) {
    // One second more: the clocks differ, and the reset is given in whole seconds.
    return Math.max(0, reset * 1000 - now.getTime()) + 1000;
  }
  return /\brate limit\b/i.test(message) ? defaultWaitMs : null;
}

function wholeNumber(value: unknown): number | null {
  return (typeof value === 'string' || typeof value === 'number') && /^\d+$/.test(String(value))
    ? Number(value)
    : null;
}
