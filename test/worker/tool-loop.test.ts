import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AskScript } from '../../src/demo/model/conversation.js';
import { broken, say, use } from '../../src/demo/model/reply.js';
import { startScriptedModel } from '../../src/demo/model/server.js';
import type { AgentReport, AgentRun } from '../../src/model/agent.js';
import { provider, worker } from '../../src/model/config-worker.js';
import { noTokens } from '../../src/model/usage.js';
import type { ModelMessage } from '../../src/model/usage.js';
import { createApiAgent } from '../../src/worker/api-agent.js';
import { openBridge } from '../../src/worker/bridge.js';
import type { Bridge, ProviderTool } from '../../src/worker/bridge.js';
import { toolLoop } from '../../src/worker/tool-loop.js';
import type { LoopLimits } from '../../src/worker/tool-loop.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';

const never = new AbortController().signal;
const schema = { type: 'object', properties: { results: { type: 'array' } }, required: ['results'] };
const answer = say('{"results":[]}');
const usual: LoopLimits = { maxTurns: 8, timeout: 30_000, maxTokens: 200_000 };
const echo = (text: string) => ({ name: 'style__echo', input: { text } });

let scratch: Scratch;
let bridge: Bridge;

beforeAll(async () => {
  scratch = await makeScratch();
  const program = path.join(import.meta.dirname, '../support/tool-server.mjs');
  const style = { command: [process.execPath, program], env: [], headers: {}, timeout: 20_000 };
  bridge = await openBridge(
    { servers: { style }, env: process.env, cwd: scratch.folder, version: '1.0.0' },
    never,
  );
});

afterAll(async () => {
  await bridge.close();
  await scratch[Symbol.asyncDispose]();
});

interface Setting {
  readonly script: AskScript;
  /** Made for the run's folder; left out: those of the bridge. */
  readonly tools?: (directory: string) => readonly ProviderTool[];
  readonly limits?: Partial<LoopLimits>;
  /** `worker.timeout`, ms. */
  readonly timeout?: number;
  readonly run?: Partial<AgentRun>;
  readonly signal?: AbortSignal;
  readonly onMessage?: (message: ModelMessage) => void;
}

const slowTool: ProviderTool = {
  ...{ name: 'slow', description: 'Takes its time.', input_schema: { type: 'object' } },
  parse: () => ({}),
  run: async () => {
    await delay(900);
    return 'at last';
  },
};

interface Sent {
  readonly tools: unknown;
  readonly tool_choice?: unknown;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly [key: string]: unknown;
}

/** A run of the worker's model against a script. */
async function run({ script, tools, limits, timeout, run: more, signal = never, onMessage }: Setting) {
  const model = await startScriptedModel({
    script,
    now: () => new Date('2026-05-02T14:00:00Z'),
    newId: randomUUID,
  });
  const directory = scratch.in(randomUUID());
  const surroundings = {
    ...{ root: scratch.folder, env: { ANTHROPIC_API_KEY: 'a-key' }, newId: randomUUID },
    ...{ now: () => new Date('2026-05-02T14:00:00Z'), progress: () => undefined },
  };
  const parsed = worker.parse({ endpoint: model.url });
  const config = {
    worker: { ...parsed, timeout: timeout ?? parsed.timeout },
    provider: provider.parse({}),
  };
  const agent = createApiAgent({
    surroundings,
    config,
    calls: toolLoop({ tools: tools?.(directory) ?? bridge.tools }, { ...usual, ...limits }),
  });
  const attempt = {
    target: 'guide',
    item: null,
    uuid: randomUUID(),
    number: 1,
    plan: 'p',
    base: '0',
    sessionId: 's',
  };
  const place = { attempt: { ...attempt, directory }, cwd: directory, directory };
  const told: ModelMessage[] = [];
  const tell = (message: ModelMessage): void => {
    told.push(message);
    onMessage?.(message);
  };
  const facts = {
    prefix: 'Rules.',
    message: 'Rewrite.',
    model: 'haiku',
    resume: false,
    maxUsd: null,
    schema,
  };
  try {
    const report = await agent.run({ ...place, ...facts, ...more }, tell, signal);
    const sent = model.requests.map(({ body }) => JSON.parse(body.toString('utf8')) as Sent);
    return { report, sent, told, bill: model.bill, directory, recovered: await agent.recover(place) };
  } finally {
    await model.close();
  }
}

const linesOf = async (directory: string, name: string): Promise<Record<string, unknown>[]> => {
  const text = await readFile(path.join(directory, name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

const failure = ({ outcome }: AgentReport): unknown =>
  outcome.kind === 'failed' ? [outcome.failure, outcome.detail] : outcome;

describe('the loop of calls with tools', () => {
  it('ends with the structured answer, every turn on disk and booked once', async () => {
    const { report, sent, told, bill, directory, recovered } = await run({
      script: ({ turn }) => [use(echo('one'), echo('two')), use(echo('three')), answer][turn - 1] ?? answer,
    });

    expect(report.outcome).toEqual({
      kind: 'completed',
      text: '{"results":[]}',
      structured: { results: [] },
    });
    expect(report.turns).toBe(3);
    expect(report.messages.map(({ id, tokens }) => ({ id, tokens }))).toEqual(
      bill.map(({ id, tokens }) => ({ id, tokens })),
    );
    expect(told).toEqual(report.messages);
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);
    expect(recovered.ended).toEqual({ outcome: report.outcome, turns: 3, durationMs: 0 });
    // Each event once, as it was sent.
    const events = await linesOf(directory, 'answer.jsonl');
    expect(events.filter(({ type }) => type === 'message_start').map(({ message }) => message)).toEqual(
      bill.map(({ id }) => expect.objectContaining({ id, content: [], stop_reason: null }) as unknown),
    );
    // The two of one turn run side by side: whichever ends first has the first line.
    const uses = await linesOf(directory, 'tools.jsonl');
    const texts = uses.map(({ input }) => (JSON.parse(String(input)) as { text: string }).text);
    expect([texts.slice(0, 2).sort(), texts.slice(2)]).toEqual([['one', 'two'], ['three']]);
    expect(uses).toEqual(
      texts.map((text) => ({
        ...{ name: 'style__echo', input: JSON.stringify({ text }), size: text.length, isError: false },
        ms: expect.any(Number) as unknown,
      })),
    );
    expect(sent.map(({ messages }) => messages.length)).toEqual([1, 3, 5]);
  });

  it('sends the same prefix with every turn, and the format', async () => {
    const { sent } = await run({ script: ({ turn }) => (turn < 3 ? use(echo('x')) : answer) });

    const [first, second, third] = sent.map(({ messages, ...prefix }) =>
      JSON.stringify([prefix, messages[0]]),
    );
    expect([second, third]).toEqual([first, first]);
    expect(sent[0]?.tools).toEqual(JSON.parse(JSON.stringify(bridge.tools)));
    expect(Object.keys(sent[0] ?? {}).sort()).toEqual(
      ['max_tokens', 'messages', 'model', 'output_config', 'stream', 'system', 'tools'].sort(),
    );
  });

  it('has the blocks cached from turn to turn, where the prefix is', async () => {
    const script: AskScript = ({ turn }) => (turn < 3 ? use(echo('x')) : answer);
    const cached = { ttl: '5m' as const, parts: ['Rules. '.repeat(3000)] };
    const message = 'A block. '.repeat(3000);

    const [off, on] = [
      await run({ script, run: { message } }),
      await run({ script, run: { ...cached, message } }),
    ];

    expect(off.sent[0]?.messages[0]?.content).toBe(message);
    expect(on.sent.map(({ messages }) => messages[0]?.content)).toEqual(
      Array.from({ length: 3 }, () => [
        { type: 'text', text: message, cache_control: { type: 'ephemeral', ttl: '5m' } },
      ]),
    );
    const [first, ...later] = on.report.messages.map(({ tokens }) => tokens);
    expect(first?.cacheWrite5m).toBeGreaterThan(5000);
    for (const { cacheRead, input } of later)
      expect([cacheRead === first?.cacheWrite5m, input < 1000]).toEqual([true, true]);
  });

  it('has a turn on disk before a tool is called', async () => {
    const seen: (readonly unknown[])[] = [];
    const looking = (directory: string): ProviderTool => ({
      ...{ name: 'look', input_schema: { type: 'object' }, parse: () => ({}) },
      run: async () => {
        seen.push((await linesOf(directory, 'answer.jsonl')).map(({ type }) => type));
        return 'seen';
      },
    });

    await run({
      script: ({ turn }) => (turn === 1 ? use({ name: 'look', input: {} }) : answer),
      tools: (directory) => [looking(directory)],
    });

    expect(seen).toEqual([expect.arrayContaining(['message_start', 'message_delta', 'message_stop'])]);
  });

  it('goes on after a tool that refuses, one that dies, and one that nobody has', async () => {
    const calls = ['refuse', 'die', 'nothing'].map((name) => ({ name: `style__${name}`, input: {} }));
    const results: unknown[] = [];
    const { report, directory } = await run({
      script: ({ turn, toolResults }) => {
        results.push(...toolResults.map(({ name, text, isError }) => ({ name, text, isError })));
        return turn === 1
          ? use(...calls.slice(0, 1), ...calls.slice(2))
          : turn === 2
            ? use(...calls.slice(1, 2))
            : answer;
      },
    });

    expect(report.outcome.kind).toBe('completed');
    expect(results.slice(-3)).toEqual([
      { name: 'style__refuse', text: 'there is no such style', isError: true },
      { name: 'style__nothing', text: "Error: Tool 'style__nothing' not found", isError: true },
      { name: 'style__die', text: 'Error: style ended before it answered', isError: true },
    ]);
    expect((await linesOf(directory, 'tools.jsonl')).map(({ name, isError }) => [name, isError])).toEqual([
      ['style__refuse', true],
      ['style__die', true],
    ]);
  });

  it('warms the cache up with the tools in one call, whatever is answered', async () => {
    const { report, sent } = await run({
      script: () => use(echo('x')),
      run: { isPrewarm: true, message: '.' },
    });

    expect(report.outcome).toEqual({ kind: 'completed', text: '', structured: null });
    expect(sent).toEqual([
      expect.objectContaining({ max_tokens: 1, tools: JSON.parse(JSON.stringify(bridge.tools)) as unknown }),
    ]);
  });
});

describe('the limits of the loop', () => {
  const greedy: AskScript = () => use(echo('more'));

  it('make the last turn one without tools, which are sent all the same', async () => {
    const { report, sent } = await run({
      script: ({ body }) => (body.tool_choice?.type === 'none' ? answer : use(echo('more'))),
      limits: { maxTurns: 3 },
    });

    expect(report.outcome.kind).toBe('completed');
    expect(sent.map((body) => body.tool_choice)).toEqual([undefined, undefined, { type: 'none' }]);
    expect(sent[2]?.tools).toEqual(sent[0]?.tools);
    expect(sent[2]?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    expect(sent[2]?.messages.slice(0, 3)).toEqual(sent[1]?.messages);
    expect(sent[2]?.messages[4]?.content).toEqual([
      {
        type: 'tool_result',
        tool_use_id: expect.any(String) as unknown,
        content: [{ type: 'text', text: 'more' }],
      },
    ]);
  });

  it('end it after so many turns', async () => {
    const { report, sent, bill, recovered } = await run({ script: greedy, limits: { maxTurns: 2 } });

    expect(failure(report)).toEqual([
      'max_turns',
      'no answer after 2 calls of the model (worker.mcp.maxTurns)',
    ]);
    expect([sent.length, report.messages.length, bill.length]).toEqual([2, 2, 2]);
    // Nobody knows after a kill whether the loop was over: it is asked anew.
    expect([recovered.messages.length, recovered.ended]).toEqual([2, null]);
  });

  it('may allow a single turn, without tools', async () => {
    const { report, sent } = await run({ script: greedy, limits: { maxTurns: 1 } });

    expect(failure(report)).toEqual([
      'max_turns',
      'no answer after one call of the model (worker.mcp.maxTurns)',
    ]);
    expect(sent.map((body) => body.tool_choice)).toEqual([{ type: 'none' }]);
  });

  it('end it before a call that would take too many tokens', async () => {
    const { report, sent, bill } = await run({
      script: greedy,
      limits: { maxTokens: 2500, maxTurns: 50 },
      run: { message: 'word '.repeat(500) },
    });

    const used = bill.reduce((sum, { tokens }) => sum + tokens.input + tokens.output, 0);
    expect(failure(report)).toEqual([
      'max_turns',
      `no answer after ${used} tokens, and the next call would go beyond 2500 (worker.mcp.maxTokens)`,
    ]);
    expect(used).toBeLessThanOrEqual(2500);
    expect(sent).toHaveLength(bill.length);
  });

  it('ask for the answer while there are tokens for one more call', async () => {
    const { report, sent } = await run({
      script: ({ body }) => (body.tool_choice?.type === 'none' ? answer : use(echo('more'))),
      limits: { maxTokens: 6000, maxTurns: 50 },
      run: { message: 'word '.repeat(500) },
    });

    expect(report.outcome.kind).toBe('completed');
    expect(sent.at(-1)?.tool_choice).toEqual({ type: 'none' });
    expect(sent.length).toBeGreaterThan(1);
  });

  it('cut what tools answer to what is left, and ask for the answer then', async () => {
    const long = (): ProviderTool => ({
      ...{ name: 'look', input_schema: { type: 'object' }, parse: () => ({}) },
      run: () => Promise.resolve('y'.repeat(15_900)),
    });
    const { report, sent, bill } = await run({
      script: ({ turn }) =>
        turn === 1 ? use(...Array.from({ length: 20 }, () => ({ name: 'look', input: {} }))) : answer,
      tools: () => [long()],
      limits: { maxTokens: 9000 },
      run: { message: 'word '.repeat(500) },
    });

    const used = bill.reduce((sum, { tokens }) => sum + tokens.input + tokens.output, 0);
    expect(report.outcome.kind).toBe('completed');
    expect(sent.map((body) => body.tool_choice)).toEqual([undefined, { type: 'none' }]);
    expect(JSON.stringify(sent[1]?.messages[2])).toContain('leaves no room for more');
    expect([used > 5000, used <= 9000]).toEqual([true, true]);
  });

  it('may leave tokens for a single turn, which is asked for without tools', async () => {
    const { report, sent } = await run({
      script: ({ body }) => (body.tool_choice?.type === 'none' ? answer : use(echo('more'))),
      limits: { maxTokens: 2500 },
      run: { message: 'word '.repeat(700) },
    });

    expect(report.outcome.kind).toBe('completed');
    expect(sent.map((body) => body.tool_choice)).toEqual([{ type: 'none' }]);
  });

  it('end it after its time, also while a tool is waited for', async () => {
    const { report } = await run({
      script: () => use({ name: 'style__hang', input: {} }),
      limits: { timeout: 300 },
    });

    expect(failure(report)).toEqual([
      'wall_timeout',
      'the tool loop took longer than 0.3 s (worker.mcp.timeout)',
    ]);
    expect(report.messages.map(({ isEstimate }) => isEstimate)).toEqual([false]);
  });

  it('end it after its time, also in the middle of an answer', async () => {
    const { report } = await run({ script: () => broken(answer, 'stall'), limits: { timeout: 300 } });

    expect(failure(report)).toEqual([
      'wall_timeout',
      'the tool loop took longer than 0.3 s (worker.mcp.timeout)',
    ]);
    expect(report.messages.map(({ isEstimate }) => isEstimate)).toEqual([true]);
  });

  it('leave each turn no more than the time of a call', async () => {
    const stalling = { script: () => broken(answer, 'stall'), timeout: 300 };

    const { report } = await run(stalling);
    const warming = await run({ ...stalling, run: { isPrewarm: true } });

    const detail = 'the API doesn’t answer: no whole answer within 0.3 s (worker.timeout)';
    expect(report.outcome).toEqual({ kind: 'waiting', reason: 'network', detail, retryAt: null });
    expect(report.messages).toMatchObject([{ isEstimate: true }]);
    expect(warming.report.outcome).toEqual(report.outcome);
  });

  it('books a turn that nobody answered in that time by the one before it', async () => {
    const { report, bill, told } = await run({
      script: ({ turn }) => (turn === 1 ? use(echo('x')) : { kind: 'silence' }),
      timeout: 300,
    });

    expect(report.outcome).toMatchObject({ kind: 'waiting', reason: 'network' });
    const [first] = bill;
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = first?.tokens ?? noTokens;
    const spent = input + output + cacheRead + cacheWrite5m + cacheWrite1h;
    expect(report.messages).toMatchObject([
      { id: first?.id, isEstimate: false },
      { id: 's:unanswered', tokens: { ...noTokens, input: spent }, isEstimate: true },
    ]);
    expect(told).toEqual(report.messages);
  });

  it('count what tools take for the loop, and not for a call', async () => {
    const { report } = await run({
      script: ({ turn }) => (turn === 1 ? use({ name: 'slow', input: {} }) : answer),
      tools: () => [slowTool],
      timeout: 400,
    });

    expect(report.outcome.kind).toBe('completed');
  });

  it('end it when its money is used up, and no tool is called any more', async () => {
    const money = new AbortController();
    const { report, sent, directory } = await run({
      script: greedy,
      run: { moneyUsedUp: money.signal },
      onMessage: () => {
        money.abort();
      },
    });

    expect(failure(report)).toEqual(['max_budget', 'the model asked for more tools']);
    expect(sent).toHaveLength(1);
    await expect(linesOf(directory, 'tools.jsonl')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a loop that is broken off', () => {
  it('is interrupted, also while a tool is waited for', async () => {
    const breaking = new AbortController();
    const { report } = await run({
      script: () => use({ name: 'style__hang', input: {} }),
      signal: breaking.signal,
      onMessage: () => {
        breaking.abort();
      },
    });

    expect(report.outcome).toEqual({ kind: 'interrupted' });
    expect(report.messages).toHaveLength(1);
  });

  it('waits for the network when the connection is gone, and keeps what was said', async () => {
    const { report } = await run({
      script: ({ turn }) => (turn === 1 ? use(echo('x')) : broken(answer, 'drop')),
    });

    expect(report.outcome).toMatchObject({ kind: 'waiting', reason: 'network' });
    expect(report.messages.map(({ isEstimate }) => isEstimate)).toEqual([false, true]);
  });
});
