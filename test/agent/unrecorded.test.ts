import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readDiagnostics } from '../../src/agent/diagnostics.js';
import { parseEvent } from '../../src/agent/events.js';
import { readThreads } from '../../src/agent/threads.js';
import type { TranscriptThread } from '../../src/agent/threads.js';
import { unrecordedMessages } from '../../src/agent/unrecorded.js';
import type { UnrecordedFacts } from '../../src/agent/unrecorded.js';
import { nothingSeen, watch } from '../../src/agent/watch.js';
import type { ModelMessage, TokenCounts } from '../../src/model/usage.js';
import { makeScratch } from '../support/scratch.js';

const none: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const first: TokenCounts = { ...none, input: 5, output: 40, cacheWrite5m: 1000 };
const second: TokenCounts = { ...none, input: 5, output: 9, cacheRead: 1100 };

const facts: UnrecordedFacts = {
  run: 'agent-0',
  isOver: false,
  asking: null,
  firstPromptCharacters: 7000,
  listed: [],
  threads: [],
  diagnostics: { startedAt: 100, brokenStreams: [] },
};

function thread(more: Partial<TranscriptThread> = {}): TranscriptThread {
  const answers = [{ id: 'one', model: 'sonnet', tokens: first, at: 200 }];
  return { name: 'agent-a', isSidechain: true, answers, question: null, ...more };
}
function estimate(id: string, tokens: TokenCounts, isSidechain = true): ModelMessage {
  return { id, model: 'sonnet', tokens, isSidechain, isEstimate: true };
}

describe('what no record shows', () => {
  it('is nothing when the run came to its end and no stream broke off', () => {
    const asked = thread({ question: { at: 300, characters: 35 } });

    expect(unrecordedMessages({ ...facts, isOver: true, threads: [asked] })).toEqual([]);
  });

  it('is a subagent’s question at a kill: the prompt of the answer before, that answer, and what is new', () => {
    const asked = thread({ question: { at: 300, characters: 350 } });

    const found = unrecordedMessages({ ...facts, threads: [asked] });

    const tokens = { ...none, cacheRead: 1000, cacheWrite5m: 5 + 40 + 100 };
    expect(found).toEqual([estimate('agent-0:agent-a:unanswered', tokens)]);
  });

  it('takes a subagent’s first prompt for as long as another’s', () => {
    const asked = thread({ name: 'agent-b', answers: [], question: { at: 300, characters: 35 } });
    const main = thread({ name: 's', isSidechain: false, answers: [] });

    const found = unrecordedMessages({
      ...facts,
      asking: { model: 'sonnet' },
      threads: [main, thread(), asked],
    });

    expect(found[1]).toEqual(
      estimate('agent-0:agent-b:unanswered', { ...none, input: 15, cacheWrite5m: 1000 }),
    );
  });

  it('takes it for as long as the main conversation’s, which the stream tells, without any other', () => {
    const asked = thread({ answers: [], question: { at: 300, characters: 35 } });
    const listed = [{ ...estimate('main', first), isSidechain: false, isEstimate: false }];

    const found = unrecordedMessages({ ...facts, listed, threads: [asked] });

    expect(found).toEqual([
      estimate('agent-0:agent-a:unanswered', { ...none, input: 15, cacheWrite5m: 1000 }),
    ]);
  });

  it('leaves out what an earlier run of the session had asked', () => {
    const old = thread({ question: { at: 50, characters: 350 } });

    expect(unrecordedMessages({ ...facts, threads: [old] })).toEqual([]);
  });

  it('is the main conversation’s question that nothing came back for', () => {
    const main = thread({ name: 's', isSidechain: false, question: { at: 300, characters: 70 } });
    const asking = { model: 'sonnet' };

    const later = unrecordedMessages({ ...facts, asking, threads: [main] });
    const atOnce = unrecordedMessages({ ...facts, asking });

    const tokens = { ...none, cacheRead: 1000, cacheWrite5m: 5 + 40 + 20 };
    expect(later).toEqual([estimate('agent-0:unanswered', tokens, false)]);
    expect(atOnce).toEqual([estimate('agent-0:unanswered', { ...none, input: 2000 }, false)]);
  });

  it('is an answer that broke off in a subagent: what its retry read beyond the answer before, it had written', () => {
    const retried = [...thread().answers, { id: 'two', model: 'sonnet', tokens: second, at: 400 }];
    const diagnostics = { startedAt: 100, brokenStreams: [350] };

    const found = unrecordedMessages({
      ...facts,
      isOver: true,
      threads: [thread({ answers: retried })],
      diagnostics,
    });

    expect(found).toEqual([estimate('agent-0:lost-1', { ...second, cacheRead: 1000, cacheWrite5m: 100 })]);
  });

  it('isn’t an answer that broke off in the main conversation: the stream shows it', () => {
    const main = thread({ name: 's', isSidechain: false });
    const diagnostics = { startedAt: 100, brokenStreams: [150] };
    const listed = [{ ...estimate('broken', first), isSidechain: false }];

    expect(unrecordedMessages({ ...facts, isOver: true, listed, threads: [main], diagnostics })).toEqual([]);
  });
});

describe('a run’s files', () => {
  it('tell by the transcripts who was asked last, and how much', async () => {
    await using scratch = await makeScratch();
    const project = scratch.in('.claude', 'projects', '-p');
    const at = '2026-11-21T10:00:00.000Z';
    const answer = (id: string, model = 'sonnet') => ({
      type: 'assistant',
      timestamp: at,
      message: {
        id,
        model,
        usage: { input_tokens: 5, output_tokens: 40, cache_creation_input_tokens: 1000 },
      },
    });
    const question = { type: 'user', timestamp: at, message: { content: 'x'.repeat(33) } };
    const lines = (...records: readonly object[]) =>
      records.map((one) => `${JSON.stringify(one)}\n`).join('');
    await mkdir(`${project}/s/subagents`, { recursive: true });
    await writeFile(
      `${project}/s.jsonl`,
      lines(question, answer('a'), answer('a'), question, answer('n', '<synthetic>')),
    );
    await writeFile(`${project}/s/subagents/agent-1.jsonl`, `${lines(answer('b'), question)}{"type":"ass`);

    const threads = await readThreads({ env: { HOME: scratch.folder }, cwd: '/p', sessionId: 's' });

    const answers = (id: string) => [{ id, model: 'sonnet', tokens: first, at: Date.parse(at) }];
    expect(threads).toEqual([
      { name: 's', isSidechain: false, answers: answers('a'), question: null },
      {
        ...{ name: 'agent-1', isSidechain: true, answers: answers('b') },
        question: { at: Date.parse(at), characters: 35 },
      },
    ]);
  });

  it('tell by Claude Code’s diagnostics when streams broke off; without them nothing is told', async () => {
    await using scratch = await makeScratch();
    const file = scratch.in('diagnostics.jsonl');
    const line = (second: number, event: string) =>
      `${JSON.stringify({ timestamp: `2026-11-21T10:00:0${second}Z`, event, data: {} })}\n`;
    await writeFile(
      file,
      `${line(1, 'init_started')}${line(3, 'cli_nonstreaming_fallback_started')}{"timesta`,
    );

    const told = await readDiagnostics(file);
    const untold = await readDiagnostics(scratch.in('none'));

    const start = Date.parse('2026-11-21T10:00:00Z');
    expect(told).toEqual({ startedAt: start + 1000, brokenStreams: [start + 3000] });
    expect(untold).toBe(null);
  });
});

describe('whether the model was asked and hasn’t answered yet', () => {
  const init = { type: 'system', subtype: 'init', model: 'claude-sonnet-5' };
  const request = { type: 'system', subtype: 'status', status: 'requesting' };
  const start = {
    type: 'stream_event',
    event: { type: 'message_start', message: { id: 'a', model: 'm', usage: {} } },
  };
  const refused = { type: 'system', subtype: 'api_retry', error_status: 529, error: 'overloaded' };
  const subagent = {
    type: 'assistant',
    parent_tool_use_id: 'tool',
    message: { id: 'a', model: 'm', usage: {} },
  };

  it.each([
    { what: 'asked', lines: [request], isAsking: true },
    { what: 'asked while a subagent answers', lines: [request, subagent], isAsking: true },
    { what: 'an answer that begins', lines: [request, start], isAsking: false },
    { what: 'an error', lines: [request, refused], isAsking: false },
  ])('$what: $isAsking', ({ lines, isAsking }) => {
    const events = [init, ...lines].map((line) => parseEvent(JSON.stringify(line)));

    expect(events.reduce(watch, nothingSeen)).toMatchObject({ model: 'claude-sonnet-5', isAsking });
  });
});
