import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTranscript } from '../../src/agent/transcript.js';

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

function record(id: string, output: number, more: object = {}): string {
  const usage = { input_tokens: 5, output_tokens: output, cache_creation_input_tokens: 7 };
  const message = {
    id,
    model: 'm',
    stop_reason: 'end_turn',
    usage,
    content: [{ type: 'text', text: 'abc' }],
  };
  return `${JSON.stringify({ type: 'assistant', message, ...more })}\n`;
}

async function home(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'regen-transcript-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

describe('readTranscript', () => {
  it('gives each message once with its largest output, subagents included', async () => {
    const folder = await home({
      'projects/-a-b-c/s.jsonl': `${record('one', 1)}{"type":"user"}\n${record('one', 20)}${record('two', 3)}{"type":"assis`,
      'projects/-a-b-c/s/subagents/agent-1.jsonl': record('sub', 4, { isSidechain: true }),
      'projects/-a-b-c/other.jsonl': record('other', 9),
    });

    const found = await readTranscript({ env: { CLAUDE_CONFIG_DIR: folder }, cwd: '/a/b.c', sessionId: 's' });

    const tokens = { ...none, input: 5, cacheWrite5m: 7 };
    const facts = { model: 'm', isSidechain: false, isEstimate: false };
    expect(found).toEqual([
      { message: { id: 'one', ...facts, tokens: { ...tokens, output: 20 } }, characters: 6 },
      { message: { id: 'two', ...facts, tokens: { ...tokens, output: 3 } }, characters: 3 },
      {
        message: { id: 'sub', ...facts, isSidechain: true, tokens: { ...tokens, output: 4 } },
        characters: 3,
      },
    ]);
  });

  it('takes the output that the last block tells, be it less than the placeholder before', async () => {
    const open = record('one', 8).replace('"end_turn"', 'null');
    const folder = await home({ 'projects/-a/s.jsonl': `${open}${record('one', 0)}${open}` });

    const found = await readTranscript({ env: { CLAUDE_CONFIG_DIR: folder }, cwd: '/a', sessionId: 's' });

    expect(found.map(({ message }) => [message.tokens.output, message.isEstimate])).toEqual([[0, false]]);
  });

  it('finds the session in HOME, under whatever name its folder has', async () => {
    const folder = await home({ '.claude/projects/-real-path/s.jsonl': record('one', 1) });

    const found = await readTranscript({ env: { HOME: folder }, cwd: '/a/link', sessionId: 's' });

    expect(found.map(({ message }) => message.id)).toEqual(['one']);
  });

  it('is empty where nothing was written', async () => {
    const folder = await home({});

    expect(await readTranscript({ env: { HOME: folder }, cwd: '/a', sessionId: 's' })).toEqual([]);
  });
});
