/** What a script answers: a message, or one of the ways in which an API fails. */

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type StopReason =
  'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence' | 'refusal' | 'model_context_window_exceeded';

/** How a streamed answer breaks off in the middle of its first block; a non-streamed one: before its body. */
export type Break = 'drop' | 'end' | 'error' | 'stall';

export interface Answer {
  readonly kind: 'answer';
  readonly texts: readonly string[];
  readonly calls: readonly ToolCall[];
  readonly stopReason: StopReason;
  /** What the answer is billed at; without it, estimated from its length. */
  readonly outputTokens?: number | undefined;
  /** Time before the first byte, ms. */
  readonly delayMs?: number | undefined;
  readonly breaks?: Break | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type ScriptedReply = Answer | Failure;

export type Failure =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly type: string;
      readonly message: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'silence' }
  /** Closes the connection without an answer. */
  | { readonly kind: 'disconnect' };

type Extras = Partial<Omit<Answer, 'kind' | 'texts' | 'calls'>>;

/** A final text. */
export function say(text: string, extras: Extras = {}): Answer {
  return { kind: 'answer', texts: [text], calls: [], stopReason: 'end_turn', ...extras };
}

/** Tool calls, several of them in one message. */
export function use(...calls: readonly ToolCall[]): Answer {
  return { kind: 'answer', texts: [], calls, stopReason: 'tool_use' };
}

/** A text block followed by tool calls in the same message. */
export function sayAndUse(text: string, ...calls: readonly ToolCall[]): Answer {
  return { kind: 'answer', texts: [text], calls, stopReason: 'tool_use' };
}

/** The call by which Claude Code gets the answer to `--json-schema`. */
export function structured(value: Readonly<Record<string, unknown>>): Answer {
  return use({ name: 'StructuredOutput', input: value });
}

/** The model declines. */
export function refuse(text = 'I cannot help with that.'): Answer {
  return say(text, { stopReason: 'refusal' });
}

/** The same answer, broken off on its way. */
export function broken(answer: Answer, breaks: Break): Answer {
  return { ...answer, breaks };
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

/** An HTTP error with the API's body; `retry-after` goes into the headers (seconds). */
export function failWith(
  status: number,
  message = `scripted ${status}`,
  headers: Readonly<Record<string, string>> = {},
): Failure {
  return { kind: 'status', status, type: errorTypes[status] ?? 'api_error', message, headers };
}

/**
 * The 429 of a subscription whose five hours are used up, open again at `resetsAt`. Claude Code takes it for one only
 * when it is logged in with `CLAUDE_CODE_OAUTH_TOKEN`; with an API key it is a rate limit like any other, and retried.
 */
export function usageLimit(resetsAt: Date): Failure {
  const reset = String(Math.floor(resetsAt.getTime() / 1000));
  return failWith(429, "This request would exceed your account's rate limit. Please try again later.", {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': reset,
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'anthropic-ratelimit-unified-5h-status': 'rejected',
    'anthropic-ratelimit-unified-5h-reset': reset,
    'anthropic-ratelimit-unified-5h-utilization': '1.0',
  });
}

/** The 400 of a conversation that no longer fits. */
export function promptTooLong(): Failure {
  return failWith(400, 'prompt is too long: 1000001 tokens > 1000000 maximum');
}
