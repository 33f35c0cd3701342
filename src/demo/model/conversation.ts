/** From a request to the reply that the script gives it, with what it costs. */
import type { BillEntry } from './bill.js';
import { contentOf, outputTokensBeforeBreak, outputTokensOf, type Message } from './message.js';
import { parseMessagesBody, prewarmRefusal, type MessagesBody } from './messages-body.js';
import { createPromptCache, type CacheUse } from './prompt-cache.js';
import { failWith, say, type Answer, type Failure, type ScriptedReply } from './reply.js';
import { scriptedRequest, type ScriptedRequest } from './request.js';
import { blockTokens } from './tokens.js';

/** Asked for each request. */
export type AskScript = (request: ScriptedRequest) => ScriptedReply | Promise<ScriptedReply>;

/**
 * A function, or the replies of each session in the order in which they are given, failures included. Claude
 * Code's own small requests are answered with `{}` unless the script has a `side`.
 */
export type Script =
  AskScript | readonly ScriptedReply[] | { readonly main: AskScript; readonly side: AskScript };

export interface Conversation {
  readonly bill: readonly BillEntry[];
  answer(incoming: Incoming): Promise<Turn>;
  countTokens(body: Buffer): number;
}

interface Incoming {
  readonly at: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** One request of a batch. */
  readonly isBatch?: boolean;
}

/** What the script saw and said. */
export interface Scripted {
  readonly request: ScriptedRequest;
  readonly reply: ScriptedReply;
}

/** What is to be sent. */
export type Turn =
  | { readonly kind: 'failure'; readonly reply: Failure; readonly scripted: Scripted | null }
  | {
      readonly kind: 'message';
      readonly reply: Answer;
      readonly message: Message;
      readonly isStreaming: boolean;
      readonly scripted: Scripted;
      /** Books the message; called when its first byte leaves. */
      begin(): void;
    };

interface Source {
  readonly script: Script;
  newId(): string;
}

/** Counts the requests of each session, simulates the cache and keeps the bill. */
export function createConversation(source: Source): Conversation {
  const bill: BillEntry[] = [];
  const cache = createPromptCache();
  const asked = new Map<string, number>();

  const read = (incoming: Incoming): ScriptedRequest => {
    const session = incoming.headers['x-claude-code-session-id'] ?? '';
    const facts = { headers: incoming.headers, earlierRequests: asked.get(session) ?? 0 };
    const request = scriptedRequest(parseMessagesBody(incoming.body), facts);
    if (!request.isSide) asked.set(session, facts.earlierRequests + 1);
    return request;
  };

  const answer = async (incoming: Incoming): Promise<Turn> => {
    const request = read(incoming);
    const refusal = prewarmRefusal(request.body);
    if (refusal !== null) return { kind: 'failure', reply: failWith(400, refusal), scripted: null };
    const isBatch = incoming.isBatch ?? false;
    const use = cache.lookUp(request.body, incoming.at);
    const reply = await askScript(source.script, request);
    const scripted = { request, reply };
    if (reply.kind !== 'answer') return { kind: 'failure', reply, scripted };
    const message = toMessage(reply, { body: request.body, use, isBatch, newId: () => source.newId() });
    const begin = () => {
      use.settle();
      bill.push(billEntry(message, { request, reply, at: incoming.at, isBatch }));
    };
    return { kind: 'message', reply, message, isStreaming: request.isStreaming, scripted, begin };
  };

  return {
    bill,
    // A 400 isn't retried by Claude Code, so a broken script shows at once.
    answer: (incoming) =>
      answer(incoming).catch((error: unknown) => ({
        kind: 'failure',
        reply: failWith(400, `The scripted model gave up: ${String(error)}`),
        scripted: null,
      })),
    countTokens: (body) => promptTokens(parseMessagesBody(body)),
  };
}

function askScript(script: Script, request: ScriptedRequest): ScriptedReply | Promise<ScriptedReply> {
  if ('side' in script) return request.isSide ? script.side(request) : script.main(request);
  if (request.isSide) return say('{}');
  if (typeof script === 'function') return script(request);
  return (
    script[request.earlierRequests] ??
    failWith(400, `The script has no reply number ${request.earlierRequests + 1}.`)
  );
}

interface Making {
  readonly body: MessagesBody;
  readonly use: CacheUse;
  readonly isBatch: boolean;
  newId(): string;
}

function toMessage(reply: Answer, making: Making): Message {
  const shortId = () => making.newId().replaceAll('-', '').slice(0, 24);
  // `max_tokens: 0` only warms the cache up.
  const isPrewarm = making.body.max_tokens === 0;
  const content = isPrewarm ? [] : contentOf(reply, () => `toolu_${shortId()}`);
  return {
    id: `msg_${shortId()}`,
    model: making.body.model,
    content,
    stopReason: isPrewarm ? 'max_tokens' : reply.stopReason,
    tokens: { ...making.use.tokens, output: reply.outputTokens ?? outputTokensOf(content) },
    tier: making.isBatch ? 'batch' : 'standard',
  };
}

function billEntry(
  message: Message,
  facts: Scripted & { readonly reply: Answer; readonly at: Date; readonly isBatch: boolean },
): BillEntry {
  const isComplete = facts.reply.breaks === undefined;
  return {
    id: message.id,
    at: facts.at,
    model: message.model,
    tokens: isComplete ? message.tokens : { ...message.tokens, output: outputTokensBeforeBreak(message) },
    sessionId: facts.request.sessionId,
    isSide: facts.request.isSide,
    isComplete,
    isBatch: facts.isBatch,
  };
}

function promptTokens(body: MessagesBody): number {
  const blocks = [...body.tools, ...body.system, ...body.messages.flatMap((message) => message.content)];
  return blocks.reduce((sum, block) => sum + blockTokens(block), 0);
}
