/** What the API's errors mean for a call. */
import Anthropic from '@anthropic-ai/sdk';
import * as z from 'zod';
import type { AgentOutcome, WaitReason } from '../model/agent.js';
import { RegenError } from '../model/errors.js';

/**
 * An error of the client as an outcome; null: it isn't one of the API's.
 *
 * @throws RegenError `config` for a request that can never be right: an unknown model, for instance.
 */
export function faultOf(error: unknown, now: Date): AgentOutcome | null {
  if (error instanceof Anthropic.APIUserAbortError) return { kind: 'interrupted' };
  if (error instanceof Anthropic.APIConnectionError) {
    return {
      kind: 'waiting',
      reason: 'network',
      detail: `the API doesn’t answer: ${error.message}`,
      retryAt: null,
    };
  }
  if (isBrokenOff(error)) return waiting('network', `the answer broke off: ${error.message}`, null);
  if (!(error instanceof Anthropic.APIError)) return null;
  return ofApi(factsOf(error), { error, now });
}

/** What fetch throws when the connection ends within an answer. */
function isBrokenOff(error: unknown): error is Error {
  if (!(error instanceof TypeError)) return false;
  const { cause } = error;
  return error.message === 'terminated' || (cause instanceof Error && 'code' in cause);
}

interface ApiFacts {
  /** null: an error event within a stream. */
  readonly status: number | null;
  /** The API's own sentence, without the status in front and the JSON around it. */
  readonly detail: string;
  readonly headers: Headers | null;
}

const bodySchema = z.object({ error: z.object({ message: z.string() }) });

function factsOf(error: {
  readonly status: unknown;
  readonly error: unknown;
  readonly headers: unknown;
  readonly message: string;
}): ApiFacts {
  const { status, headers, message } = error;
  return {
    status: typeof status === 'number' ? status : null,
    detail: bodySchema.safeParse(error.error).data?.error.message ?? message,
    headers: headers instanceof Headers ? headers : null,
  };
}

function ofApi(
  { status, detail, headers }: ApiFacts,
  { error, now }: { readonly error: unknown; readonly now: Date },
): AgentOutcome {
  if (status === null)
    return { kind: 'waiting', reason: 'overloaded', detail: `the API broke off: ${detail}`, retryAt: null };
  if (isTooLong(status, detail)) return { kind: 'failed', failure: 'prompt_too_long', detail };
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
      return waiting('rate_limit', `the API’s rate limit: ${detail}`, retryAt(headers, now));
    default:
      if (status >= 500 || passing.has(status))
        return waiting('overloaded', `the API failed (${status}): ${detail}`, retryAt(headers, now));
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
