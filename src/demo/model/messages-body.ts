/** The body of `POST /v1/messages`, as far as the scripted endpoint reads it; everything else is passed over. */
import * as z from 'zod';

const cacheControl = z.looseObject({ ttl: z.enum(['5m', '1h']).default('5m') });

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  cache_control: cacheControl.optional(),
});

const content = z.union([z.string().transform((text): Block[] => [{ type: 'text', text }]), z.array(block)]);

const tool = z.looseObject({ name: z.string(), cache_control: cacheControl.optional() });

const messagesBody = z.looseObject({
  model: z.string(),
  max_tokens: z.number().default(1),
  stream: z.boolean().default(false),
  system: content.default([]),
  tools: z.array(tool).default([]),
  tool_choice: z.looseObject({ type: z.string() }).optional(),
  messages: z.array(z.looseObject({ role: z.string(), content })),
  thinking: z.looseObject({ type: z.string() }).optional(),
  metadata: z.looseObject({ user_id: z.string().optional() }).optional(),
  output_config: z.looseObject({ format: z.unknown().optional() }).optional(),
});

/** One content block of a message or of the system prompt. */
export type Block = z.output<typeof block>;

/** A parsed request body; contents given as bare strings have become text blocks. */
export type MessagesBody = z.output<typeof messagesBody>;

/** @throws an Error that says what is wrong with the body. */
export function parseMessagesBody(bytes: Buffer): MessagesBody {
  return messagesBody.parse(JSON.parse(bytes.toString('utf8')));
}

/**
 * Why the API refuses to warm the cache up with this body (`max_tokens: 0`); null: it doesn't. Source: the API's guide to
 * prompt caching, on pre-warming.
 */
export function prewarmRefusal(body: MessagesBody): string | null {
  if (body.max_tokens !== 0) return null;
  const { stream, thinking, output_config: output, tool_choice: choice } = body;
  const refused = [
    { name: 'stream: true', isSet: stream },
    { name: 'thinking.type: enabled', isSet: thinking?.type === 'enabled' },
    { name: 'output_config.format', isSet: (output?.format ?? null) !== null },
    { name: `tool_choice: ${choice?.type ?? ''}`, isSet: choice?.type === 'tool' || choice?.type === 'any' },
  ].find(({ isSet }) => isSet);
  return refused === undefined ? null : `max_tokens: 0 cannot be combined with ${refused.name}`;
}
