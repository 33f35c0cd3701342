import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Script } from '../../src/demo/model/conversation.js';
import { broken, failWith, refuse, say } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { AgentRun } from '../../src/model/agent.js';
import type { ModelMessage } from '../../src/model/usage.js';
import { createApiAgent } from '../../src/worker/api-agent.js';
import { answerSchema } from '../../src/worker/entries.js';
import { never, runIn, startScripted } from './scripted.js';

const results = { results: [{ id: '1', result: 'One.' }] };
const answer = say(JSON.stringify(results));
const atOnce = { 'x-should-retry': 'false' };

interface Setting {
  readonly run?: Partial<AgentRun>;
  readonly signal?: AbortSignal;
}

/** A run against the script, to its end. */
async function run(script: Script, { run: more, signal = never }: Setting = {}) {
  await using scripted = await startScripted({ script });
  const agent = createApiAgent(scripted.parts);
  const one = runIn(scripted, more ?? { schema: answerSchema });
  const told: ModelMessage[] = [];
  const report = await agent.run(one, (message) => told.push(message), signal);
  const recovered = await agent.recover(one);
  const sent = scripted.model.requests.map(({ body }) => JSON.parse(body.toString('utf8')) as object);
  return { report, told, recovered, sent, bill: [...scripted.model.bill] };
}

/** The same with a call that always ends the same way. */
const outcomeFor = async (reply: ScriptedReply): Promise<unknown> => (await run(() => reply)).report.outcome;

describe('a run', () => {
  it('is one call, told and booked once, as the API has billed it', async () => {
    const { report, told, sent, bill } = await run(() => answer, {
      run: { parts: ['Rules.', 'Target.'], ttl: '5m', schema: answerSchema },
    });

    expect(report).toMatchObject({
      outcome: { kind: 'completed', structured: results },
      ...{ sessionId: 'session-1', turns: 1, permissionDenials: 0, reads: [], reported: null },
    });
    expect(report.messages).toEqual(told);
    expect(told.map(({ id, model, tokens, isEstimate }) => ({ id, model, tokens, isEstimate }))).toEqual(
      bill.map(({ id, model, tokens }) => ({ id, model, tokens, isEstimate: false })),
    );
    expect(sent).toEqual([
      {
        ...{ model: 'claude-haiku-5-5', max_tokens: 4000, stream: true },
        system: ['Rules.', 'Target.'].map((text) => ({
          ...{ type: 'text', text, cache_control: { type: 'ephemeral', ttl: '5m' } },
        })),
        messages: [{ role: 'user', content: 'Rewrite.' }],
        output_config: { format: { type: 'json_schema', schema: answerSchema } },
      },
    ]);
  });

  it('without a schema ends with the text', async () => {
    const { report } = await run(() => say('simple'), { run: {} });

    expect(report.outcome).toEqual({ kind: 'completed', text: 'simple', structured: null });
  });

  it('says when others can read what it wrote to the cache', async () => {
    const seen: string[] = [];

    await run(() => answer, { run: { onAnswering: () => seen.push('answering') } });

    expect(seen).toEqual(['answering']);
  });

  it('that warms the cache up asks for a token, and needs no answer', async () => {
    const { report, sent, told } = await run(() => say('{', { stopReason: 'max_tokens' }), {
      run: { isPrewarm: true, ttl: '1h', schema: answerSchema },
    });

    expect(report.outcome).toEqual({ kind: 'completed', text: '', structured: null });
    // The format is a part of what the cache goes by.
    expect(sent).toMatchObject([{ max_tokens: 1, output_config: {} }]);
    expect(told).toHaveLength(1);
  });

  it.each<readonly [string, ScriptedReply, object]>([
    [
      'the answer’s limit',
      say('{"results":[', { stopReason: 'max_tokens' }),
      { kind: 'failed', failure: 'max_tokens' },
    ],
    ['a refusal', refuse(), { kind: 'failed', failure: 'refusal' }],
    ['prose', say('Sure!'), { kind: 'failed', failure: 'no_structured_output' }],
    [
      'too long a prompt',
      failWith(400, 'prompt is too long'),
      { kind: 'failed', failure: 'prompt_too_long' },
    ],
    ['a bad key', failWith(401), { kind: 'not_ready' }],
    [
      'a limit',
      failWith(429, 'x', { ...atOnce, 'retry-after': '5' }),
      { kind: 'waiting', reason: 'rate_limit', retryAt: new Date('2026-05-02T14:00:05Z') },
    ],
    ['overload', failWith(529, 'x', atOnce), { kind: 'waiting', reason: 'overloaded' }],
    ['an error event in the stream', broken(answer, 'error'), { kind: 'waiting', reason: 'overloaded' }],
    ['a connection that drops', broken(answer, 'drop'), { kind: 'waiting', reason: 'network' }],
    ['a stream that just ends', broken(answer, 'end'), { kind: 'failed', failure: 'no_result' }],
  ])('ends at %s', async (_what, reply, outcome) => {
    expect(await outcomeFor(reply)).toMatchObject(outcome);
  });

  it('stops the step at a request that can never be right', async () => {
    await expect(run(() => failWith(404, 'model: claude-haiku-9'))).rejects.toMatchObject({
      code: 'config',
      message: 'the API refuses the request (404): model: claude-haiku-9',
    });
  });

  it('books the prompt of an answer that broke off, and as much of it as was seen', async () => {
    const { report, told, bill, recovered } = await run(() => broken(answer, 'drop'));

    expect(told).toHaveLength(1);
    expect(told[0]?.tokens.input).toBe(bill[0]?.tokens.input);
    expect(told[0]).toMatchObject({ id: bill[0]?.id, isEstimate: true });
    expect([report.messages, recovered.messages, recovered.ended]).toEqual([told, told, null]);
  });

  it('that our signal ends was interrupted, and has cost what had come', async () => {
    const stopping = new AbortController();

    const { report, told } = await run(() => broken(answer, 'stall'), {
      ...{
        signal: stopping.signal,
        run: {
          onAnswering: () => {
            stopping.abort();
          },
        },
      },
    });

    expect(report.outcome).toEqual({ kind: 'interrupted' });
    expect(told).toMatchObject([{ isEstimate: true }]);
  });
});

describe('after a kill', () => {
  /** A folder in which a whole run has left its files. */
  async function answered() {
    const scripted = await startScripted({ script: () => answer });
    const agent = createApiAgent(scripted.parts);
    const place = runIn(scripted, { schema: answerSchema });
    const report = await agent.run(place, () => undefined, never);
    return {
      ...{ agent, place, report, file: path.join(place.directory, 'answer.jsonl') },
      [Symbol.asyncDispose]: () => scripted[Symbol.asyncDispose](),
    };
  }

  it('what was said to the end is the answer', async () => {
    await using left = await answered();
    const { agent, place, report } = left;

    expect(await agent.recover(place)).toMatchObject({
      messages: report.messages,
      ended: { outcome: report.outcome, turns: 1, durationMs: 0 },
    });
  });

  it('a torn last line is as if it had not come', async () => {
    await using left = await answered();
    const { agent, place, report, file } = left;
    const whole = await readFile(file, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const end = lines.findIndex((line) => line.includes('message_delta'));
    // In the middle of the line that tells the end.
    await truncate(file, Buffer.byteLength(lines.slice(0, end).join('\n')) + 12);

    const torn = await agent.recover(place);
    await appendFile(file, '\n');
    const again = await agent.recover(place);

    expect(torn).toMatchObject({
      messages: [{ id: report.messages[0]?.id, isEstimate: true }],
      ended: null,
    });
    expect(again.messages).toEqual(torn.messages);
  });

  it('a call that was sent, and of which nothing was heard, may have been charged for', async () => {
    await using left = await answered();
    const { agent, place, file } = left;
    await writeFile(file, '');
    const { length } = await readFile(path.join(place.directory, 'request.json'), 'utf8');

    const recovered = await agent.recover(place);

    expect(recovered).toMatchObject({
      messages: [
        {
          ...{ id: 'session-1:unanswered', model: 'claude-haiku-5-5', isEstimate: true },
          tokens: { input: Math.ceil(length / 3.5), output: 0 },
        },
      ],
      ended: null,
    });
    expect(recovered.lastSeenAt).toBeInstanceOf(Date);
  });

  it.each([
    ['nothing was sent', null],
    ['the request is torn', '{"model":"claude-haiku-5-5","mess'],
  ])('nothing was paid where %s', async (_what, request) => {
    await using left = await answered();
    const { agent, place } = left;
    const file = path.join(place.directory, 'request.json');
    await (request === null ? rm(file) : writeFile(file, request));

    expect(await agent.recover(place)).toEqual({
      ...{ messages: [], ended: null, reported: null, lastSeenAt: null },
    });
  });
});
