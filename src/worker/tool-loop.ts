/** A run that is a loop of calls: the model asks for tools, gets what they answer, and ends with the structured answer. */
import type { BetaMessageStream } from '@anthropic-ai/sdk/lib/BetaMessageStream';
import type { BetaMessage } from '@anthropic-ai/sdk/resources/beta/messages';
import { tokensOf, usageSchema } from '../model/api-usage.js';
import { formatDuration } from '../model/duration.js';
import { promptTokens } from '../model/usage.js';
import type { Bridge } from './bridge.js';
import { mostBreakpoints } from './request.js';
import { withinTime } from './call-time.js';
import { recordAll, singleCall } from './single-call.js';
import type { Calling, Calls, CutShort } from './single-call.js';
import { logged } from './tool-log.js';
import { mostTokens, resultTokens, withinRoom } from './tool-room.js';

/** `worker.mcp`. */
export interface LoopLimits {
  /** Calls of the model. */
  readonly maxTurns: number;
  /** Wall time of the loop, ms. */
  readonly timeout: number;
  /** Tokens of all prompts and answers together. */
  readonly maxTokens: number;
}

/** At a limit the loop ends; the last turn that the limits allow is asked for without tools, so that it is an answer. */
export function toolLoop(bridge: Pick<Bridge, 'tools'>, limits: LoopLimits): Calls {
  return async (calling, signal) => {
    if (bridge.tools.length === 0) return singleCall(calling, signal);
    if (calling.request.max_tokens <= 1) return warmUp(calling, bridge, signal);
    const clock = new AbortController();
    const timer = setTimeout(() => {
      clock.abort();
    }, limits.timeout);
    try {
      return await turns(calling, { bridge, limits }, AbortSignal.any([signal, clock.signal]));
    } catch (error) {
      if (!clock.signal.aborted || signal.aborted) throw error;
      const detail = `the tool loop took longer than ${formatDuration(limits.timeout)} (worker.mcp.timeout)`;
      return { failure: 'wall_timeout', detail };
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The tools are a part of the prefix that is written to the cache. What little is answered is nothing to go on from. */
async function warmUp(
  { client, request, record, limit }: Calling,
  { tools }: Pick<Bridge, 'tools'>,
  signal: AbortSignal,
): Promise<null> {
  const body = { ...request, tools: [...tools], stream: true as const };
  const open = (within: AbortSignal) => client.beta.messages.create(body, { signal: within });
  await withinTime(limit, (within) => recordAll(open, record, within), signal);
  return null;
}

interface Loop {
  readonly bridge: Pick<Bridge, 'tools'>;
  readonly limits: LoopLimits;
}

async function turns(
  { client, request, directory, moneyUsedUp, ...turn }: Calling,
  { bridge, limits }: Loop,
  signal: AbortSignal,
): Promise<CutShort | null> {
  const runner = client.beta.messages.toolRunner(
    {
      ...request,
      messages: cachedMessages(request),
      tools: logged(bridge.tools, directory),
      stream: true,
      // A conversation that the server keeps is one that an endpoint must have learnt to keep.
      thread: false,
      ...(isLastTurn(firstTurn(request, bridge), limits) ? { tool_choice: noTools } : {}),
    },
    { signal },
  );
  let spent = firstTurn(request, bridge);
  for await (const message of messagesOf(runner, turn, signal)) {
    if (message.stop_reason !== 'tool_use' && message.stop_reason !== 'pause_turn') return null;
    spent = after(message, spent);
    if (moneyUsedUp?.aborted === true)
      return { failure: 'max_budget', detail: 'the model asked for more tools' };
    const reached = limitReached(spent, limits);
    if (reached !== null) return reached;
    const room = limits.maxTokens - spent.tokens - spent.nextAtLeast;
    const results = withinRoom(await runner.generateToolResponse(signal), room);
    spent = { ...spent, nextAtLeast: spent.nextAtLeast + results.tokens };
    // Where anything was cut there is no room for two more turns.
    if (!isLastTurn(spent, limits)) continue;
    const said = { role: 'assistant' as const, content: message.content };
    const answered = results.message === null ? [said] : [said, results.message];
    // Whoever changes the parameters adds what came: the runner leaves that to them.
    runner.setMessagesParams((params) => ({
      ...params,
      tool_choice: noTools,
      messages: [...params.messages, ...answered],
    }));
  }
  return null;
}

type Runner = AsyncIterable<BetaMessageStream> & {
  setRequestOptions(options: { readonly signal: AbortSignal }): void;
};

/** Each turn's message. A turn is a call, with its own time; what tools do between two of them isn't counted. */
async function* messagesOf(
  runner: Runner,
  { limit, record }: Pick<Calling, 'limit' | 'record'>,
  signal: AbortSignal,
): AsyncGenerator<BetaMessage, void> {
  const streams = runner[Symbol.asyncIterator]();
  const next = async (within: AbortSignal): Promise<BetaMessage | null> => {
    runner.setRequestOptions({ signal: within });
    const turn = await streams.next();
    return turn.done === true ? null : recorded(turn.value, record);
  };
  try {
    for (;;) {
      const message = await withinTime(limit, next, signal);
      if (message === null) return;
      yield message;
    }
  } finally {
    await streams.return?.();
  }
}

/** Every turn sends the blocks again: the second reads them out of the cache, where the prefix is kept in one, too. */
function cachedMessages({ system, messages }: Calling['request']): Calling['request']['messages'] {
  const marked = Array.isArray(system) ? system.filter((part) => part.cache_control !== undefined) : [];
  if (marked.length === 0 || marked.length === mostBreakpoints) return messages;
  return messages.map((message) =>
    message.role === 'user' && typeof message.content === 'string'
      ? { role: 'user', content: [{ type: 'text', text: message.content, cache_control: briefly }] }
      : message,
  );
}

/** A loop takes minutes. */
const briefly = { type: 'ephemeral' as const, ttl: '5m' as const };

/** The tools stay where they are, at the front of the cached prefix. */
const noTools = { type: 'none' as const };

interface Spent {
  readonly turns: number;
  readonly tokens: number;
  /** What the next turn takes at the least: this one's prompt and answer are sent again, and what tools answered. */
  readonly nextAtLeast: number;
  /** Tokens of this turn's answer: another turn that asks for tools says about as much. */
  readonly said: number;
}

/** Before it, nothing has counted the prompt. */
function firstTurn({ system, messages }: Calling['request'], { tools }: Pick<Bridge, 'tools'>): Spent {
  const prompt = mostTokens(JSON.stringify([system, messages, tools]));
  return { turns: 0, tokens: 0, nextAtLeast: prompt, said: 0 };
}

function after({ usage, content }: BetaMessage, { turns, tokens }: Spent): Spent {
  const counts = tokensOf(usageSchema.parse(usage));
  const own = promptTokens(counts) + counts.output;
  const calls = content.filter(({ type }) => type === 'tool_use').length;
  return {
    ...{ turns: turns + 1, tokens: tokens + own, said: counts.output },
    nextAtLeast: own + calls * resultTokens,
  };
}

function limitReached({ turns, tokens, nextAtLeast }: Spent, limits: LoopLimits): CutShort | null {
  if (turns >= limits.maxTurns) {
    const calls = limits.maxTurns === 1 ? 'one call' : `${limits.maxTurns} calls`;
    return { failure: 'max_turns', detail: `no answer after ${calls} of the model (worker.mcp.maxTurns)` };
  }
  if (tokens + nextAtLeast <= limits.maxTokens) return null;
  return {
    failure: 'max_turns',
    detail: `no answer after ${tokens} tokens, and the next call would go beyond ${limits.maxTokens} (worker.mcp.maxTokens)`,
  };
}

function isLastTurn({ turns, tokens, nextAtLeast, said }: Spent, limits: LoopLimits): boolean {
  return turns + 1 >= limits.maxTurns || tokens + 2 * (nextAtLeast + said) > limits.maxTokens;
}

/** The message, once every event of it is on disk. */
async function recorded(stream: BetaMessageStream, record: Calling['record']): Promise<BetaMessage> {
  let written = Promise.resolve();
  stream.on('streamEvent', (event) => {
    // The client goes on adding to the message that the first event carries.
    const copy = structuredClone(event);
    written = written.then(() => record(copy));
    written.catch(() => {
      stream.abort();
    });
  });
  try {
    await stream.done();
  } finally {
    await written;
  }
  return stream.finalMessage();
}
