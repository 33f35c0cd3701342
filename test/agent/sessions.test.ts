import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSessions } from '../../src/agent/sessions.js';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'regen-sessions-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

interface Said {
  readonly id: string;
  readonly at: string;
  readonly output?: number;
  readonly reason?: string | null;
  readonly content?: readonly unknown[];
  readonly model?: string;
}

function said({
  id,
  at,
  output = 5,
  reason = 'end_turn',
  content = [],
  model = 'claude-opus-5',
}: Said): unknown {
  const usage = { input_tokens: 3, output_tokens: output, cache_read_input_tokens: 100 };
  return {
    type: 'assistant',
    timestamp: `2026-05-02T14:00:${at}Z`,
    isSidechain: false,
    message: { id, model, stop_reason: reason, usage, content },
  };
}

function bash(id: string, command: string): unknown {
  return { type: 'tool_use', id, name: 'Bash', input: { command } };
}

function answered(id: string): unknown {
  return { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'done' }] } };
}

async function transcript(file: string, records: readonly unknown[], rest = ''): Promise<void> {
  const whole = path.join(home, 'projects', '-somewhere', file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, records.map((record) => `${JSON.stringify(record)}\n`).join('') + rest);
}

function sessions() {
  return createSessions({ root: '/another/place', env: { CLAUDE_CONFIG_DIR: home } });
}

const tokens = { input: 3, output: 5, cacheRead: 100, cacheWrite5m: 0, cacheWrite1h: 0 };

test('a session is read turn by turn, each message once, subagents in their threads, in the order of time', async () => {
  await transcript('s1.jsonl', [
    said({ id: 'm1', at: '01.000', output: 1, reason: null, content: [{ type: 'text', text: 'Now.' }] }),
    said({ id: 'm1', at: '01.500', reason: 'tool_use', content: [bash('t1', 'regen item start')] }),
    answered('t1'),
    said({ id: 'm3', at: '03.000' }),
    said({ id: 'notice', at: '04.000', model: '<synthetic>' }),
  ]);
  await transcript('s1/subagents/agent-a.jsonl', [
    said({ id: 'm2', at: '02.000', reason: 'tool_use', content: [bash('t2', 'ls')] }),
    answered('t2'),
  ]);

  const read = await sessions().read('s1');

  const message = { model: 'claude-opus-5', tokens, isSidechain: false, isEstimate: false };
  const thread = path.join(home, 'projects/-somewhere/s1/subagents/agent-a.jsonl');
  expect(read).toEqual({
    turns: [
      { message: { ...message, id: 'm1' }, at: new Date('2026-05-02T14:00:01Z'), thread: '', calls: 'regen' },
      { message: { ...message, id: 'm2' }, at: new Date('2026-05-02T14:00:02Z'), thread, calls: 'something' },
      {
        message: { ...message, id: 'm3' },
        at: new Date('2026-05-02T14:00:03Z'),
        thread: '',
        calls: 'nothing',
      },
    ],
    hasOpenCall: false,
  });
});

test('a message whose end isn’t told is an estimate, a torn line is passed over, an open call is seen', async () => {
  const content = [bash('t1', 'regen item check')];
  await transcript(
    's1.jsonl',
    [said({ id: 'm1', at: '01.000', output: 1, reason: null, content })],
    '{"type":"assi',
  );

  const read = await sessions().read('s1');

  expect(read?.hasOpenCall).toBe(true);
  expect(read?.turns[0]?.message.isEstimate).toBe(true);
  expect(read?.turns[0]?.message.tokens.output).toBeGreaterThan(10);
});

test('what isn’t there, or is no session’s id, has no transcript', async () => {
  await transcript('s1.jsonl', []);

  expect(await sessions().read('s2')).toBeNull();
  expect(await sessions().read('../-somewhere/s1')).toBeNull();
});
