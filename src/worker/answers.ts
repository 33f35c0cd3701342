/** The API's events as messages: what each cost, what it said, how it ended. Pure. */
import * as z from 'zod';
import { mergeCounts, tokensOf, usageSchema } from '../model/api-usage.js';
import { usualCharactersPerToken } from '../model/context-fit.js';
import type { ModelMessage, TokenCounts } from '../model/usage.js';

const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message_start'),
    message: z.object({ id: z.string(), model: z.string(), usage: usageSchema }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    delta: z.object({ type: z.string(), text: z.string().optional(), partial_json: z.string().optional() }),
  }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: usageSchema.nullish().catch(null),
  }),
  z.object({ type: z.literal('message_stop') }),
  // A whole message, as batches answer.
  z.object({
    type: z.literal('message'),
    id: z.string(),
    model: z.string(),
    content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
    stop_reason: z.string().nullish(),
    usage: usageSchema,
  }),
]);

/** One answer of the model, as far as it came. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly tokens: TokenCounts;
  readonly text: string;
  /** null: it broke off. */
  readonly stopReason: string | null;
  /** Whether the output’s tokens are those that were told at its end. */
  readonly isCounted: boolean;
}

/** In their order; events of other kinds are passed over. */
export function answersOf(events: readonly object[]): readonly Answer[] {
  const answers: Answer[] = [];
  for (const event of events) {
    const parsed = eventSchema.safeParse(event);
    if (!parsed.success) continue;
    const last = answers.at(-1);
    const next = step(parsed.data, last);
    if (next === null) continue;
    if (next.id !== last?.id) answers.push(next);
    else answers[answers.length - 1] = next;
  }
  return answers;
}

type ApiEvent = z.output<typeof eventSchema>;

/** The answer after the event; null: nothing changed. */
function step(event: ApiEvent, last: Answer | undefined): Answer | null {
  switch (event.type) {
    case 'message_start': {
      const { id, model, usage } = event.message;
      return { id, model, tokens: tokensOf(usage), text: '', stopReason: null, isCounted: false };
    }
    case 'message': {
      const text = event.content.map((block) => block.text ?? '').join('');
      const { id, model, usage } = event;
      const stopReason = event.stop_reason ?? 'end_turn';
      return { id, model, tokens: tokensOf(usage), text, stopReason, isCounted: true };
    }
    case 'content_block_delta': {
      const added = event.delta.text ?? event.delta.partial_json;
      return last === undefined || added === undefined ? null : { ...last, text: last.text + added };
    }
    case 'message_delta': {
      if (last === undefined) return null;
      return {
        ...last,
        ...counted(last, event.usage ?? null),
        stopReason: event.delta.stop_reason ?? last.stopReason,
      };
    }
    case 'message_stop':
      return last?.stopReason === null ? { ...last, stopReason: 'end_turn' } : null;
  }
}

type Usage = z.output<typeof usageSchema>;

/** With what is told at the end; a server may tell nothing there, or nothing of the output. */
function counted(last: Answer, usage: Usage | null): Pick<Answer, 'tokens' | 'isCounted'> {
  if (usage === null) return last;
  const isCounted = last.isCounted || typeof usage.output_tokens === 'number';
  const before = { tokens: last.tokens, isEstimate: !last.isCounted };
  const { tokens } = mergeCounts(before, { tokens: tokensOf(usage), isEstimate: !isCounted });
  return { tokens, isCounted };
}

/**
 * For the books: what broke off has cost its prompt, and as much of the answer as was seen. So has an answer that came to
 * its end uncounted: what was told of its output at the start is a placeholder.
 */
export function messageOf({ id, model, tokens, text, stopReason, isCounted }: Answer): ModelMessage {
  const isEstimate = stopReason === null || !isCounted;
  const seen = Math.max(1, Math.ceil(text.length / usualCharactersPerToken));
  const output = isEstimate ? Math.max(tokens.output, seen) : tokens.output;
  return { id, model, tokens: { ...tokens, output }, isSidechain: false, isEstimate };
}
