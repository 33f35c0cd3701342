/** What the API's errors mean for a call. */
import Anthropic from '@anthropic-ai/sdk';
import * as z from 'zod';
import type { AgentOutcome, WaitReason } from '../model/agent.js';
import { RegenError } from '../model/errors.js';
import { CallTimeout } from './call-time.js';
import { UnreadableAnswer } from './unreadable.js';

/**
 * An error of the client as an outcome; null: it isn't one of the API's.
 *
 * @throws RegenError `config` for a request that can never be right: an unknown model, for instance.
 */
export function faultOf(error: unknown, now: Date): AgentOutcome | null {
  if (error instanceof Anthropic.APIUserAbortError) return { kind: 'interrupted' };
  if (error instanceof Anthropic.APIConnectionError || error instanceof CallTimeout)
    return waiting('network', `the API doesn’t answer: ${error.message}`, null);
  if (isBrokenOff(error)) return waiting('network', `the answer broke off: ${error.message}`, null);
  if (error instanceof Anthropic.APIError) return ofApi(factsOf(error), { error, now });
  // Where it reads an answer, the client wraps what goes wrong in an error of no kind, or throws it as it is.
  if (error instanceof Anthropic.AnthropicError && error.cause !== undefined) {
    const inner = faultOf(error.cause, now);
    if (inner !== null) return inner;
  }
  return isUnreadable(error)
    ? waiting('network', `the API’s answer can’t be read: ${wordsOf(error)}`, null)
    : null;
}

/** Where an event has another shape than it expects, the client stumbles over it. */
function wordsOf(error: Error): string {
  return error.cause instanceof TypeError ? 'an event of it has no shape that is known' : error.message;
}

/** The client parses what the API says, and we parse nothing of our own in a call. */
function isUnreadable(error: unknown): error is Error {
  return (
    error instanceof UnreadableAnswer ||
    error instanceof SyntaxError ||
    error instanceof Anthropic.AnthropicError
  );
}

/** What fetch throws when the connection ends within an answer. */
function isBrokenOff(error: unknown): error is Error {
  if (!(error instanceof TypeError)) return false;
  const { cause } = error;
  return error.message === 'terminated' || (cause instanceof Error && 'code' in cause);
}

interface ApiFacts {
  /** Of an error event within a stream, what its type would be. */
  readonly status: number;
  /** Whether the answer had begun. */
  readonly isEvent: boolean;
  /** The API's own sentence, without the status in front and the JSON around it. */
  readonly detail: string;
  readonly headers: Headers | null;
}

const bodySchema = z.object({
  error: z.object({ message: z.string(), type: z.string().nullish().catch(null) }),
});

const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
};

function factsOf(error: {
  readonly status: unknown;
  readonly error: unknown;
  readonly headers: unknown;
  readonly message: string;
}): ApiFacts {
  const { status, headers, message } = error;
  const told = bodySchema.safeParse(error.error).data?.error;
  return {
    status: typeof status === 'number' ? status : (statusOfType[told?.type ?? ''] ?? overloaded),
    isEvent: typeof status !== 'number',
    detail: told?.message ?? message,
    headers: headers instanceof Headers ? headers : null,
  };
}

const overloaded = 529;

function ofApi(
  { status, isEvent, detail, headers }: ApiFacts,
  { error, now }: { readonly error: unknown; readonly now: Date },
): AgentOutcome {
  if (isTooLong(status, detail)) return { kind: 'failed', failure: 'prompt_too_long', detail };
  if (status === 400 && isOutOfCredit(detail)) {
    return {
      kind: 'not_ready',
      detail: `the API refuses the request: ${detail}`,
      hint: 'Buy credit for the account of the key, or set the key of another one.',
    };
  }
  // The headers are those of the answer that had begun well.
  const at = isEvent ? null : retryAt(headers, now);
  switch (status) {
    case 401:
    case 402:
    case 403:
      return {
        kind: 'not_ready',
        detail: `the API refuses the key: ${detail}`,
        hint: 'Check ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, and what the key may use.',
      };
    case 429:
      return waiting('rate_limit', `the API’s rate limit: ${detail}`, at);
    default:
      if (status >= 500 || passing.has(status)) {
        const what = isEvent ? 'broke off' : `failed (${status})`;
        return waiting('overloaded', `the API ${what}: ${detail}`, at);
      }
      throw new RegenError('config', `the API refuses the request (${status}): ${detail}`, {
        hint: 'Look at worker.model, worker.maxOutput and provider.betas in regen.yaml, and at where the API is.',
        cause: error,
      });
  }
}

/** Timeout and conflict: the same request may succeed later. */
const passing: ReadonlySet<number> = new Set([408, 409]);

function waiting(reason: WaitReason, detail: string, at: Date | null): AgentOutcome {
  return { kind: 'waiting', reason, detail, retryAt: at };
}

/** The API says it with a status that else means a request that is wrong. */
export function isOutOfCredit(detail: string): boolean {
  return /credit balance is too low/i.test(detail);
}

function isTooLong(status: number, detail: string): boolean {
  if (status === 413) return true;
  return (
    status === 400 &&
    /too long|exceeds? (?:the )?context|context (?:window|length)|maximum context/i.test(detail)
  );
}

/** Of `retry-after-ms`, or of `retry-after`: seconds or a date; null: they are missing, or say neither. */
function retryAt(headers: Headers | null, now: Date): Date | null {
  const thousandths = headers?.get('retry-after-ms')?.trim() ?? '';
  const told = headers?.get('retry-after')?.trim() ?? '';
  if (isCount(thousandths)) return new Date(now.getTime() + Number(thousandths));
  if (isCount(told)) return new Date(now.getTime() + Number(told) * 1000);
  const date = new Date(told);
  return /[a-z]/i.test(told) && !Number.isNaN(date.getTime()) ? date : null;
}

function isCount(told: string): boolean {
  return /^\d{1,9}(?:\.\d+)?$/.test(told);
}
