import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createCollector } from '../../src/profile/collector.js';
import type { Fields } from '../../src/profile/json.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import {
  bash,
  jsonLines,
  message,
  profileOf,
  profileRecords,
  prompt,
  result,
  text,
  thinking,
  use,
  writeFiles,
} from './session-file.js';

let scratch: Scratch;
beforeAll(async () => {
  scratch = await makeScratch();
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a transcript', () => {
  it('is counted by message, beside what a reader of records gets', async () => {
    const { counting, sessions, totals } = await profileRecords(scratch.folder, [
      prompt('Do it.'),
      ...message({
        id: 'a',
        blocks: [thinking('Hm.'), text('Let me look.'), bash('1', 'ls'), bash('2', 'pwd')],
        ...{ write: 1000, input: 4, output: 80, at: 2 },
      }),
      result('1', 'a', { at: 3 }),
      result('2', '/', { at: 4 }),
      ...message({ id: 'b', blocks: [text('Done.')], read: 1000, write: 20, output: 5, at: 6 }),
    ]);

    expect(counting).toEqual({
      perRecord: { requests: 5, withoutTool: 3, input: 16, output: 325, cacheRead: 1000, cacheWrite: 4020 },
      perMessage: { requests: 2, withoutTool: 1, input: 4, output: 85, cacheRead: 1000, cacheWrite: 1020 },
      factor: 5036 / 2024,
    });
    expect(totals).toEqual({
      ...{ requests: 2, input: 4, output: 85, cacheRead: 1000, cacheWrite5m: 1020, cacheWrite1h: 0 },
      costUsd: (4 * 10 + 85 * 50 + 1000 + 1020 * 10) / 1e6,
      ...{ peakContext: 1020, meanContext: 1012, durationMs: 6000, toolCalls: 2, subagents: 0 },
    });
    expect(sessions[0]).toMatchObject({
      session: 'session-1',
      source: 'transcript',
      step: null,
      models: ['claude-test'],
      startedAt: '2026-11-02T08:00:00.000Z',
      endedAt: '2026-11-02T08:00:06.000Z',
      reported: null,
      messages: { withTools: 1, textOnly: 1, thinkingOnly: 0, empty: 0, beforeTool: 0 },
    });
  });

  it('of 111 messages with a tool call each has 183 records, and 72 of them without one', async () => {
    const records = Array.from({ length: 111 }, (_, n) => [
      ...message({
        id: `m${n}`,
        blocks: [
          ...(n < 61 ? [text(`Let me now implement phase ${n}.`)] : []),
          ...(n >= 100 ? [thinking('Hm.')] : []),
          bash(`t${n}`, 'ls'),
        ],
        read: 85_000,
      }),
      result(`t${n}`, ''),
    ]).flat();

    const { counting, findings, sessions } = await profileRecords(scratch.folder, records);

    expect(counting.perRecord).toMatchObject({ requests: 183, withoutTool: 72, cacheRead: 15_555_000 });
    expect(counting.perMessage).toMatchObject({ requests: 111, withoutTool: 0, cacheRead: 9_435_000 });
    expect(sessions[0]?.messages.beforeTool).toBe(0);
    expect(findings.map(({ id }) => id)).not.toContain('narration');
  });

  it('tells of every request what its results put into later prompts', async () => {
    const { sessions } = await profileRecords(
      scratch.folder,
      [
        ...message({ id: 'a', blocks: [bash('1', 'make'), bash('2', 'ls')], write: 1000, at: 1 }),
        result('1', 'x'.repeat(600)),
        result('2', 'y'.repeat(200), { isError: true }),
        ...message({ id: 'b', blocks: [text('Done.')], read: 1000, write: 210, at: 5 }),
      ],
      { withRequests: true },
    );

    expect(sessions[0]?.tools).toEqual([
      { tool: 'Bash', calls: 2, errors: 1, tokens: 200, carriedTokens: 200 },
    ]);
    expect(sessions[0]?.threads[0]?.perRequest).toEqual([
      {
        ...{ n: 1, message: 'a', at: '2026-11-02T08:00:01.000Z', model: 'claude-test' },
        ...{ context: 1000, input: 0, output: 10, cacheRead: 0, cacheWrite: 1000 },
        calls: [
          { tool: 'Bash', what: 'make', characters: 600, tokens: 150, requests: 1, isError: false },
          { tool: 'Bash', what: 'ls', characters: 200, tokens: 50, requests: 1, isError: true },
        ],
      },
      {
        ...{ n: 2, message: 'b', at: '2026-11-02T08:00:05.000Z', model: 'claude-test' },
        ...{ context: 1210, input: 0, output: 10, cacheRead: 1000, cacheWrite: 210, calls: [] },
      },
    ]);
  });

  it('keeps subagents apart, in files of their own or among the session’s records', async () => {
    const own = jsonLines(message({ id: 'sub', blocks: [text('Report.')], write: 500 }));
    const inline = message({ id: 'old', blocks: [text('Report.')], write: 300 }).map((record) => ({
      ...record,
      isSidechain: true,
      uuid: 'u1',
      parentUuid: null,
    }));
    await writeFiles(scratch.folder, {
      'with-agents/s.jsonl': jsonLines([
        ...message({ id: 'a', blocks: [text('Done.')], write: 1000 }),
        ...inline,
      ]),
      'with-agents/s/subagents/agent-a1.jsonl': own,
      'with-agents/s/subagents/agent-a1.meta.json': '{}',
    });

    const { sessions, totals } = await profileOf({ cwd: scratch.folder, what: 'with-agents' });

    expect(
      sessions.map(({ threads }) => threads.map(({ agent, peakContext }) => [agent, peakContext])),
    ).toEqual([
      [
        [null, 1000],
        ['sidechain-1', 300],
        ['a1', 500],
      ],
    ]);
    expect([totals.requests, totals.subagents, totals.cacheWrite5m]).toEqual([3, 2, 1800]);
  });

  it('that repeats an earlier session’s messages doesn’t count them twice', async () => {
    const first = message({ id: 'a', blocks: [text('Done.')], write: 1000 });
    const second = message({ id: 'b', blocks: [text('More.')], read: 1000 });
    await writeFiles(scratch.folder, { 'resumed/1.jsonl': jsonLines(first) });
    await writeFiles(scratch.folder, { 'resumed/2.jsonl': jsonLines([...first, ...second]) });

    const { counting, totals, unknown } = await profileOf({ cwd: scratch.folder, what: 'resumed' });

    expect([totals.requests, totals.cacheWrite5m]).toEqual([2, 1000]);
    expect([counting.perRecord.requests, counting.factor]).toEqual([2, 1]);
    expect(unknown).toEqual(['session-1: 1 message is another session’s, repeated here, and counted there']);
  });

  it('without ids of messages has a request for every record, whatever other sessions have', async () => {
    const nameless = message({ id: '', blocks: [text('Done.')], write: 1000 });
    await writeFiles(scratch.folder, {
      'nameless/1.jsonl': jsonLines([...nameless, ...nameless]),
      'nameless/2.jsonl': jsonLines(nameless),
    });

    const { totals } = await profileOf({ cwd: scratch.folder, what: 'nameless' });

    expect([totals.requests, totals.cacheWrite5m]).toEqual([3, 3000]);
  });

  it('may be torn, have lines that are none, and lines longer than any block', async () => {
    const long = result('1', 'x'.repeat(3_000_000));
    const lines = [
      jsonLines([...message({ id: 'a', blocks: [bash('1', 'cat')], write: 10 }), long]),
      'no json\n\n[1]\n"text"\n{"type":7}\n{"type":"assistant"}\n{"type":"user","message":"x"}\n',
      jsonLines(message({ id: 'b', blocks: [text('Done.')], read: 10 })),
      '{"type":"assistant","message":{"id":"c"',
    ];
    await writeFiles(scratch.folder, { 'torn.jsonl': lines.join('') });

    const { sessions, unknown } = await profileOf({
      cwd: scratch.folder,
      what: 'torn.jsonl',
      withRequests: true,
    });

    const [first] = sessions[0]?.threads[0]?.perRequest ?? [];
    expect(first?.calls[0]?.characters).toBe(3_000_000);
    expect(unknown).toContain('session-1: 3 lines were passed over: no JSON');
    expect(unknown).toContain(
      'session-1: the last line is cut off, as a kill or a running session leaves it',
    );
  });

  it('has no cost where a model has no price', async () => {
    const { totals, unknown } = await profileRecords(
      scratch.folder,
      message({ id: 'a', blocks: [text('Done.')], write: 10, model: 'local-model' }),
    );

    expect(totals.costUsd).toBe(null);
    expect(unknown).toEqual([
      'session-1: no price for local-model: costs that it takes part in are not told',
    ]);
  });
});

describe('a stream', () => {
  const usage = { input_tokens: 3, cache_creation_input_tokens: 100, output_tokens: 1 };
  const shared = { session_id: 'session-2', parent_tool_use_id: null };
  const assistant = (id: string, block: object) => ({
    type: 'assistant',
    ...shared,
    message: { id, model: 'claude-test', stop_reason: null, usage, content: [block] },
  });
  const event = (inner: object) => ({ type: 'stream_event', ...shared, event: inner });
  const end = {
    type: 'result',
    ...shared,
    duration_ms: 900,
    total_cost_usd: 0.5,
    modelUsage: { m: { inputTokens: 6, outputTokens: 90, cacheCreationInputTokens: 300 } },
  };

  it('says that it has placeholders for outputs, and what Claude Code reports', async () => {
    const { sessions, unknown } = await profileRecords(scratch.folder, [
      { type: 'system', subtype: 'init', ...shared, tools: ['Read'], claude_code_version: '2.1.197' },
      assistant('a', text('Let me look.')),
      assistant('a', bash('1', 'ls')),
      assistant('b', text('Done.')),
      end,
    ]);

    expect(sessions[0]).toMatchObject({
      ...{
        session: 'session-2',
        source: 'stream',
        requests: 2,
        output: null,
        costUsd: null,
        durationMs: 900,
      },
      reported: { runs: 1, input: 6, output: 90, cacheRead: 0, cacheWrite: 300, costUsd: 0.5 },
    });
    expect(unknown).toEqual([
      'session-2: output tokens of 2 of 2 messages: without --include-partial-messages, and of subagents always, a stream has placeholders; Claude Code’s own sum is 90',
      'session-2: 100 prompt tokens that Claude Code’s result reports and no message of the stream has: subagents’ last answers, or earlier runs of the session',
      'session-2: times: a stream has them only on tool results, so that gaps are approximate; the transcript has them all',
    ]);
  });

  it('with partial messages tells the outputs', async () => {
    const { totals } = await profileRecords(scratch.folder, [
      event({ type: 'message_start', message: { id: 'a', model: 'claude-test', usage } }),
      event({ type: 'content_block_delta', delta: { type: 'text_delta', text: 'Done.' } }),
      assistant('a', text('Done.')),
      event({ type: 'message_delta', usage: { ...usage, output_tokens: 40 } }),
      event({ type: 'message_stop' }),
    ]);

    expect([totals.requests, totals.output, totals.cacheWrite5m]).toEqual([1, 40, 100]);
  });

  it('with partial messages believes the last of them, however large a placeholder is', async () => {
    const placeholder = { ...usage, output_tokens: 500 };
    const { totals } = await profileRecords(scratch.folder, [
      event({ type: 'message_start', message: { id: 'a', model: 'claude-test', usage: placeholder } }),
      {
        ...assistant('a', text('Done.')),
        message: { ...assistant('a', text('Done.')).message, usage: placeholder },
      },
      event({ type: 'message_delta', usage: { ...usage, output_tokens: 40 } }),
      event({ type: 'message_stop' }),
      {
        ...assistant('a', bash('1', 'ls')),
        message: { ...assistant('a', bash('1', 'ls')).message, usage: placeholder },
      },
    ]);

    expect([totals.requests, totals.output]).toEqual([1, 40]);
  });

  it('without its end has no time: tool results alone tell none', async () => {
    const { totals } = await profileRecords(scratch.folder, [
      assistant('a', bash('1', 'ls')),
      { ...result('1', 'a', { at: 3 }), ...shared },
    ]);

    expect(totals.durationMs).toBe(null);
  });
});

describe('whatever a file holds', () => {
  const anything = fc.jsonValue();
  const word = fc.constantFrom(
    ...['assistant', 'user', 'system', 'result', 'stream_event', 'attachment', 'init', 'text', 'tool_use'],
    ...[
      'tool_result',
      'thinking',
      'message_start',
      'message_delta',
      'compact_boundary',
      'Bash',
      'Read',
      'Edit',
    ],
  );
  const key = fc.constantFrom(
    ...['type', 'subtype', 'message', 'content', 'usage', 'id', 'name', 'input', 'tool_use_id', 'timestamp'],
    ...[
      'input_tokens',
      'event',
      'text',
      'command',
      'file_path',
      'modelUsage',
      'isSidechain',
      'parentUuid',
      'tools',
    ],
  );
  const { record } = fc.letrec<{ record: unknown }>((tie) => ({
    record: fc.oneof(
      { depthSize: 'small' },
      word,
      anything,
      fc.array(tie('record'), { maxLength: 3 }),
      fc.dictionary(key, tie('record'), { maxKeys: 6 }),
    ),
  }));

  it('never throws', async () => {
    const garbage = fc.array(
      fc.oneof(
        record.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      { maxLength: 30 },
    );
    const good = jsonLines(message({ id: 'a', blocks: [text('Done.')], write: 7 }));

    await fc.assert(
      fc.asyncProperty(garbage, async (lines) => {
        await writeFiles(scratch.folder, { 'garbage.jsonl': `${lines.join('\n')}\n${good}` });
        const { totals } = await profileOf({
          cwd: scratch.folder,
          what: 'garbage.jsonl',
          withRequests: true,
        });
        expect(totals.cacheWrite5m).toBeGreaterThanOrEqual(7);
      }),
      { numRuns: 60 },
    );
  });

  it('is summed up the same in any order, and however often a record is repeated', () => {
    const records = [1, 2, 3, 4].flatMap((n) =>
      message({
        id: `m${n}`,
        blocks: [text(`Look ${n}.`), use(`t${n}`, 'Read', { file_path: 'a' })],
        ...{ read: 100 * n, write: 7 * n, write1h: n, output: n },
      }),
    );
    const sums = (all: readonly object[]) => {
      const collector = createCollector(new Set());
      const add = collector.file(null);
      for (const one of all) add(one as Fields);
      const requests = collector.finish().threads.flatMap((thread) => thread.requests);
      return requests
        .map(({ id, tokens, textCharacters, calls }) => ({ id, tokens, textCharacters, calls: calls.length }))
        .sort((one, other) => (one.id < other.id ? -1 : 1));
    };
    const shuffled = fc.array(fc.nat(records.length - 1), { maxLength: 20 }).chain((repeated) =>
      fc.shuffledSubarray([...records, ...repeated.map((at) => records[at] ?? {})], {
        minLength: records.length + repeated.length,
      }),
    );

    fc.assert(
      fc.property(shuffled, (all) => {
        expect(sums(all)).toEqual(sums(records));
      }),
    );
  });
});
