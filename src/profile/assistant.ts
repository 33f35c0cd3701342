/** Records of the model's messages: one per content block, all of them with the message's id and usage. */
import type { TokenCounts } from '../model/usage.js';
import type { Book, OpenRequest, OpenThread } from './book.js';
import { anonymousId, requestOf } from './book.js';
import { callOf } from './calls.js';
import { hashOf } from './hash.js';
import { fieldsOf, listOf, textOf } from './json.js';
import type { Fields } from './json.js';
import { mergeTokens, tokensOf, written } from './tokens.js';

/** Claude Code's own notices come as messages of this model; nobody charges for them. */
const syntheticModel = '<synthetic>';

export function addAssistant(book: Book, record: Fields, thread: OpenThread, at: number | null): void {
  const message = fieldsOf(record['message']);
  if (message['model'] === syntheticModel) {
    book.synthetic += 1;
    return;
  }
  if (message['usage'] !== undefined) book.recognised += 1;
  const content = listOf(message['content']).map(fieldsOf);
  const tokens = tokensOf(message['usage']);
  const id = textOf(message['id']) ?? textOf(record['uuid']) ?? anonymousId(book);
  const request = requestOf(book, message, id, thread);
  if (request === null) return;
  countRecord(book, tokens, content);
  const isFinal = !book.isStream || textOf(message['stop_reason']) !== null;
  const { output } = request.tokens;
  request.tokens = mergeTokens(request.tokens, tokens);
  // Streamed records come without a reason and with a placeholder for the output; those of transcripts are final.
  if (isFinal) request.isOutputKnown = true;
  else if (request.isOutputKnown) request.tokens = { ...request.tokens, output };
  request.at ??= at;
  for (const block of content) addBlock(book, request, block);
}

/** Events of `--include-partial-messages`: the last of a message has its true usage. */
export function addStreamEvent(book: Book, record: Fields, thread: OpenThread): void {
  const event = fieldsOf(record['event']);
  if (event['type'] === 'message_start') {
    const message = fieldsOf(event['message']);
    const id = textOf(message['id']);
    thread.streaming = id === null ? null : requestOf(book, message, id, thread);
    if (thread.streaming !== null) raise(thread.streaming, message['usage']);
  }
  if (event['type'] === 'message_delta' && thread.streaming !== null) {
    end(thread.streaming, event['usage']);
  }
  if (event['type'] === 'message_stop') thread.streaming = null;
}

function raise(request: OpenRequest, usage: unknown): void {
  request.tokens = mergeTokens(request.tokens, tokensOf(usage));
}

/** What was counted until then is a placeholder, and may be more. */
function end(request: OpenRequest, usage: unknown): void {
  raise(request, usage);
  request.tokens = { ...request.tokens, output: tokensOf(usage).output };
  request.isOutputKnown = true;
}

function addBlock(book: Book, request: OpenRequest, block: Fields): void {
  const { type, text, thinking } = block;
  const said = typeof text === 'string' ? text : typeof thinking === 'string' ? thinking : '';
  const id = textOf(block['id']);
  const mark = hashOf(`${request.id}${String(type)}${id ?? ''}${said.length}${said.slice(0, 40)}`);
  if (book.blocks.has(mark)) return;
  book.blocks.add(mark);
  if (type === 'text') request.textCharacters += said.length;
  if (type === 'thinking' || type === 'redacted_thinking') {
    request.hasThinking = true;
    request.thinkingCharacters += said.length;
  }
  if (type !== 'tool_use') return;
  const call = callOf(block['name'], block['input'], book);
  // An array that something is pushed to, or spread into, has room for 17, and most messages have one call.
  request.calls = request.calls.length === 0 ? [call] : request.calls.concat(call);
  if (id !== null) book.waiting.set(id, call);
}

/** As whoever doesn't look at the ids would. */
function countRecord({ perRecord }: Book, tokens: TokenCounts, content: readonly Fields[]): void {
  perRecord.requests += 1;
  if (!content.some(({ type }) => type === 'tool_use')) perRecord.withoutTool += 1;
  perRecord.input += tokens.input;
  perRecord.output += tokens.output;
  perRecord.cacheRead += tokens.cacheRead;
  perRecord.cacheWrite += written(tokens);
}
