/** A script for packs of small items: reads the blocks of the message and answers with a result for each, or wrongly in one way. */
import type { AskScript } from './conversation.js';
import { broken, failWith, promptTooLong, refuse, say, type Answer, type ScriptedReply } from './reply.js';
import type { ScriptedRequest } from './request.js';
import { textTokens, textWithin } from './tokens.js';

/** One `<block id="…">` of the message. */
export interface PackBlock {
  readonly id: string;
  readonly text: string;
}

/** Every way in which a pack can go wrong. */
export const packFaults = [
  /** The last block has no result. */
  'missing',
  /** The first block has two results that differ. */
  'duplicate',
  /** There is a result for `zzz`. */
  'unknown',
  /** Ended by max_tokens in the middle of the text. */
  'cut',
  /** 400: the prompt is too long. */
  'overflow',
  'refusal',
  /** Prose instead of JSON. */
  'no-json',
  /** JSON of another shape. */
  'wrong-shape',
  /** A message without content. */
  'empty',
  /** The stream breaks off; without streaming, the connection does. */
  'broken',
  /** 529. */
  'overloaded',
  /** 429 with retry-after. */
  'rate-limit',
  /** Ended by the model's context window in the middle of the text. */
  'context-window',
] as const;

export type PackFault = (typeof packFaults)[number];

export interface PackScript {
  /** The block's result; null leaves it out. */
  readonly answer: (block: PackBlock) => string | null;
  /** What goes wrong with a call, counted from 1; null: nothing does. Calls that only warm the cache up aren't asked about. */
  readonly faults?: (call: { readonly number: number; readonly ids: readonly string[] }) => PackFault | null;
  /** Answers messages that hold no block, which are refused without it. */
  readonly other?: AskScript;
}

/** Answers longer than the request's `max_tokens` are cut there, as the API does. */
export function packScript({ answer, faults, other }: PackScript): AskScript {
  let calls = 0;
  return (request) => {
    if (request.body.max_tokens === 0) return say('');
    const blocks = blocksOf(request);
    if (blocks.length === 0) return other?.(request) ?? failWith(400, 'The message holds no block.');
    calls += 1;
    const fault = faults?.({ number: calls, ids: blocks.map(({ id }) => id) }) ?? null;
    const results = blocks.flatMap((block) => {
      const result = answer(block);
      return result === null ? [] : [{ id: block.id, result }];
    });
    return replyWith(results, { fault, lastId: blocks.at(-1)?.id, maxTokens: request.body.max_tokens });
  };
}

/** Of the newest message that isn't a tool's; a block is all between its tags but for the line ends next to them. */
function blocksOf({ body }: ScriptedRequest): PackBlock[] {
  const message = body.messages.findLast(
    ({ role, content }) => role === 'user' && !content.some(({ type }) => type === 'tool_result'),
  );
  const text = message?.content.map((block) => block.text ?? '').join('\n') ?? '';
  const blocks = text.matchAll(/<block\b((?:\s+[\w:.-]+\s*=\s*"[^"]*")*)\s*>\n?([^]*?)\n?<\/block>/g);
  return Array.from(blocks, ([, attributes = '', inner = '']) => ({
    id: /\sid\s*=\s*"([^"]*)"/.exec(attributes)?.[1] ?? '',
    text: inner,
  }));
}

interface Result {
  readonly id: string;
  readonly result: string;
}

interface Manner {
  readonly fault: PackFault | null;
  readonly lastId: string | undefined;
  readonly maxTokens: number;
}

function replyWith(results: readonly Result[], { fault, lastId, maxTokens }: Manner): ScriptedReply {
  const whole = (given: readonly Result[]) => within(JSON.stringify({ results: given }), maxTokens);
  const [first] = results;
  switch (fault) {
    case null:
      return whole(results);
    case 'missing':
      return whole(results.filter(({ id }) => id !== lastId));
    case 'duplicate':
      return whole(first === undefined ? [] : [...results, { ...first, result: `${first.result} (again)` }]);
    case 'unknown':
      return whole([...results, { id: 'zzz', result: 'Nobody asked.' }]);
    case 'cut':
      return half(results, 'max_tokens');
    case 'context-window':
      return half(results, 'model_context_window_exceeded');
    case 'no-json':
      return say('Here is what I would write for each of them.');
    case 'wrong-shape':
      return say(
        JSON.stringify({ answers: Object.fromEntries(results.map(({ id, result }) => [id, result])) }),
      );
    case 'empty':
      return { ...say(''), texts: [] };
    case 'broken':
      return broken(whole(results), 'drop');
    case 'overflow':
      return promptTooLong();
    case 'refusal':
      return refuse();
    case 'overloaded':
      return failWith(529, 'Overloaded');
    case 'rate-limit':
      return failWith(429, 'This request would exceed your rate limit.', { 'retry-after': '1' });
  }
}

function within(text: string, maxTokens: number): Answer {
  if (textTokens(text) <= maxTokens) return say(text);
  return say(textWithin(text, maxTokens), { stopReason: 'max_tokens' });
}

function half(results: readonly Result[], stopReason: Answer['stopReason']): Answer {
  const text = JSON.stringify({ results });
  return say(text.slice(0, text.length / 2), { stopReason });
}
