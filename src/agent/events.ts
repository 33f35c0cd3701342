/** Lines of `--output-format stream-json`, parsed once. What we have no use for is `other`, whatever it holds. */
import * as z from 'zod';
import type { TokenCounts } from '../model/usage.js';
import { resultSchema } from './result.js';
import type { RunResult } from './result.js';
import { tokensOf, usageSchema } from '../model/api-usage.js';

/** A thread is the main conversation (null) or a subagent (the id of the tool call that asked for it). */
export type Thread = string | null;

export interface ToolUse {
  readonly id: string;
  readonly name: string;
  /** What Read is asked to show, as the model wrote it; null: another tool, or a call that makes no sense. */
  readonly file: string | null;
}

export type AgentEvent =
  | {
      readonly kind: 'start';
      readonly thread: Thread;
      readonly id: string;
      readonly model: string;
      readonly tokens: TokenCounts;
    }
  | { readonly kind: 'text'; readonly thread: Thread; readonly characters: number }
  | { readonly kind: 'delta'; readonly thread: Thread; readonly tokens: TokenCounts }
  | { readonly kind: 'stop'; readonly thread: Thread }
  | {
      readonly kind: 'assistant';
      readonly thread: Thread;
      readonly id: string;
      readonly model: string;
      readonly isComplete: boolean;
      readonly tokens: TokenCounts;
      readonly characters: number;
      readonly tools: readonly ToolUse[];
    }
  | {
      readonly kind: 'tool_results';
      readonly ids: readonly string[];
      /** Those that the tool refused or broke off. */
      readonly failed: readonly string[];
    }
  /** The session begins: which model the main conversation asks. */
  | { readonly kind: 'init'; readonly model: string }
  /** The main conversation asks its model. */
  | { readonly kind: 'request' }
  | { readonly kind: 'retry'; readonly status: number | null; readonly error: string }
  | { readonly kind: 'limit'; readonly status: string; readonly resetsAt: number | null }
  | { readonly kind: 'result'; readonly result: RunResult }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed' };

/** The event of one line; never throws. */
export function parseEvent(line: string): AgentEvent {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { kind: 'malformed' };
  }
  const parsed = lineSchema.safeParse(json);
  return parsed.success ? parsed.data : { kind: 'other' };
}

const text = z.string().catch('');
const optionalText = z.string().nullish().catch(null);
const optionalNumber = z.number().nullish().catch(null);
const thread = z
  .string()
  .nullish()
  .transform((id) => id ?? null);

/** Blocks of a message. Their text counts for an estimate, whatever its kind. */
export const contentSchema = z
  .array(z.looseObject({ type: z.string() }))
  .catch([])
  .transform((blocks) => ({
    characters: blocks.reduce((sum, block) => sum + charactersOf(block), 0),
    tools: blocks.flatMap((block): ToolUse[] =>
      block.type === 'tool_use' && typeof block['id'] === 'string' && typeof block['name'] === 'string'
        ? [{ id: block['id'], name: block['name'], file: fileOf(block) }]
        : [],
    ),
  }));

const readSchema = z.object({ name: z.literal('Read'), input: z.object({ file_path: z.string() }) });

function fileOf(block: unknown): string | null {
  return readSchema.safeParse(block).data?.input.file_path ?? null;
}

function charactersOf(block: Readonly<Record<string, unknown>>): number {
  const { text: said, thinking, input } = block;
  if (typeof said === 'string') return said.length;
  if (typeof thinking === 'string') return thinking.length;
  return input === undefined ? 0 : JSON.stringify(input).length;
}

const streamEvent = z
  .object({
    type: z.literal('stream_event'),
    parent_tool_use_id: thread,
    event: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('message_start'),
        message: z.object({ id: z.string().min(1), model: text, usage: usageSchema }),
      }),
      z.object({
        type: z.literal('content_block_delta'),
        delta: z.looseObject({ type: z.string() }),
      }),
      z.object({
        type: z.literal('message_delta'),
        delta: z.object({ stop_reason: z.string().nullish() }).catch({}),
        usage: usageSchema,
      }),
      z.object({ type: z.literal('message_stop') }),
    ]),
  })
  .transform(({ event, parent_tool_use_id: from }): AgentEvent => {
    switch (event.type) {
      case 'message_start': {
        const { id, model, usage } = event.message;
        return { kind: 'start', thread: from, id, model, tokens: tokensOf(usage) };
      }
      case 'content_block_delta': {
        const { text: said, thinking, partial_json: input } = event.delta;
        const piece = [said, thinking, input].find((each) => typeof each === 'string') ?? '';
        return { kind: 'text', thread: from, characters: piece.length };
      }
      case 'message_delta':
        // Claude Code closes an answer that broke off by itself, with no reason and the placeholder for its output.
        if (event.delta.stop_reason === null) return { kind: 'other' };
        return { kind: 'delta', thread: from, tokens: tokensOf(event.usage) };
      case 'message_stop':
        return { kind: 'stop', thread: from };
    }
  });

const assistant = z
  .object({
    type: z.literal('assistant'),
    parent_tool_use_id: thread,
    message: z.object({
      id: z.string().min(1),
      model: text,
      stop_reason: optionalText,
      usage: usageSchema,
      content: contentSchema,
    }),
  })
  .transform(({ message, parent_tool_use_id: from }): AgentEvent => ({
    kind: 'assistant',
    thread: from,
    id: message.id,
    model: message.model,
    // Streamed messages come without a reason and with a placeholder for the output; a non-streamed retry has both.
    isComplete: message.stop_reason != null,
    tokens: tokensOf(message.usage),
    ...message.content,
  }));

const user = z
  .object({
    type: z.literal('user'),
    message: z.object({
      content: z.array(z.object({ tool_use_id: optionalText, is_error: z.boolean().catch(false) })).catch([]),
    }),
  })
  .transform(({ message: { content } }): AgentEvent => ({
    kind: 'tool_results',
    ids: content.flatMap(({ tool_use_id: id }) => id ?? []),
    failed: content.flatMap(({ tool_use_id: id, is_error: hasFailed }) => (hasFailed ? (id ?? []) : [])),
  }));

const init = z
  .object({ type: z.literal('system'), subtype: z.literal('init'), model: z.string() })
  .transform(({ model }): AgentEvent => ({ kind: 'init', model }));

const request = z
  .object({ type: z.literal('system'), subtype: z.literal('status'), status: z.literal('requesting') })
  .transform((): AgentEvent => ({ kind: 'request' }));

const retry = z
  .object({
    type: z.literal('system'),
    subtype: z.literal('api_retry'),
    error_status: optionalNumber,
    error: text,
  })
  .transform(({ error_status: status, error }): AgentEvent => ({
    kind: 'retry',
    status: status ?? null,
    error,
  }));

const limit = z
  .object({
    type: z.literal('rate_limit_event'),
    rate_limit_info: z.object({ status: text, resetsAt: optionalNumber }),
  })
  .transform(({ rate_limit_info: { status, resetsAt } }): AgentEvent => ({
    kind: 'limit',
    status,
    resetsAt: resetsAt ?? null,
  }));

const result = resultSchema.transform((data): AgentEvent => ({ kind: 'result', result: data }));

const lineSchema = z.union([streamEvent, assistant, user, init, request, retry, limit, result]);
