import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../src/mcp/hooks/decide.js';
import type { HookEffects } from '../../src/mcp/hooks/decide.js';

const limits = { output: 1000, canSave: true };
const none: HookEffects = { readText: () => null, save: () => null };
const report = 'A finding.\n'.repeat(400);
const subagent = {
  hook_event_name: 'PostToolUse',
  tool_name: 'Agent',
  tool_response: { status: 'completed', content: [{ type: 'text', text: report }], totalTokens: 7 },
};

describe('what a hook answers', () => {
  it('asks a subagent for a short report before it begins', () => {
    const event = {
      hook_event_name: 'PreToolUse',
      tool_name: 'Agent',
      tool_input: { prompt: 'Look.', model: 'x' },
    };

    expect(decide(event, limits, none)?.updatedInput).toEqual({
      model: 'x',
      prompt:
        'Look.\n\nYour report: at most 1500 characters, with file:line where it matters. Longer findings go to a file with save_report: name its path.',
    });
    expect(decide(event, { ...limits, canSave: false }, none)?.updatedInput?.['prompt']).not.toContain(
      'save_report',
    );
  });

  it('keeps a long report in a file and its beginning in the conversation', () => {
    const saved: string[] = [];
    const save = (text: string): string => {
      saved.push(text);
      return '/reports/one.md';
    };

    const output = decide(subagent, limits, { ...none, save })?.updatedToolOutput;
    const [block] = output?.['content'] as readonly { readonly text: string }[];

    expect(saved).toEqual([report]);
    expect(output).toMatchObject({ status: 'completed', totalTokens: 7 });
    expect(block?.text.length).toBeLessThanOrEqual(1500);
    expect(block?.text.startsWith('A finding.\nA finding.')).toBe(true);
    expect(block?.text.endsWith('\n[…] 4400 characters in all: /reports/one.md')).toBe(true);
  });

  it('leaves a report whole that is short, or that could not be kept', () => {
    const short = { ...subagent, tool_response: { content: [{ type: 'text', text: 'Nothing.' }] } };

    expect([decide(short, limits, none), decide(subagent, limits, none)]).toEqual([null, null]);
  });

  it('reads the first lines of a large file that nobody asked for lines of', () => {
    const text = 'a line of forty characters, all in all!\n'.repeat(100);
    const event = { hook_event_name: 'PreToolUse', tool_name: 'Read', tool_input: { file_path: '/a.txt' } };
    const effects = { ...none, readText: () => text };

    expect(decide(event, limits, effects)).toEqual({
      hookEventName: 'PreToolUse',
      updatedInput: { file_path: '/a.txt', limit: 21 },
      additionalContext: 'Read lines 1-21 of 101 of a.txt; for others give offset and limit.',
    });
    const asked = { ...event, tool_input: { file_path: '/a.txt', limit: 100 } };
    expect(decide(asked, limits, effects)).toBeNull();
    expect(decide(event, { ...limits, output: text.length }, effects)).toBeNull();
  });

  it('cuts what a search found at the end of a line', () => {
    const content = 'a.txt:1:word\n'.repeat(200);
    const event = {
      hook_event_name: 'PostToolUse',
      tool_name: 'Grep',
      tool_response: { mode: 'content', content },
    };

    const output = decide(event, limits, none)?.updatedToolOutput?.['content'];

    expect(output).toMatch(/^(a\.txt:1:word\n){76}\[1613 characters more: narrow the pattern\]$/);
  });

  it('says nothing of what it does not know', () => {
    const events = [
      {},
      { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'ls' } },
      { hook_event_name: 'PreToolUse', tool_name: 'Agent', tool_input: { prompt: 7 } },
      { ...subagent, tool_response: { content: [{ type: 'image' }] } },
      { ...subagent, tool_response: 'text' },
    ];

    expect(events.map((event) => decide(event, limits, none))).toEqual([null, null, null, null, null]);
  });
});

describe('the hook’s program', () => {
  const program = fileURLToPath(new URL('../../dist/hook.js', import.meta.url));
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'regen-hook-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (
    input: string,
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number | null; stdout: string }> =>
    new Promise((resolve) => {
      const args = [program, path.join(folder, 'reports'), '1000', 'save_report'];
      const child = execFile(process.execPath, args, { env }, (_error, stdout) => {
        resolve({ code: child.exitCode, stdout });
      });
      child.stdin?.end(input);
    });

  it('keeps a subagent’s report without its secrets', async () => {
    const text = `The token is quite-secret-value.\n${report}`;
    const event = { ...subagent, tool_response: { content: [{ type: 'text', text }] } };

    const { code, stdout } = await run(JSON.stringify(event), { FORGE_TOKEN: 'quite-secret-value' });
    const [name = ''] = await readdir(path.join(folder, 'reports'));

    expect(code).toBe(0);
    expect(stdout).toContain(path.join(folder, 'reports', name));
    expect(await readFile(path.join(folder, 'reports', name), 'utf8')).toBe(`The token is ***.\n${report}\n`);
  });

  it('measures the file itself, and leaves what is no text alone', async () => {
    const [text, image] = [path.join(folder, 'large.txt'), path.join(folder, 'image.png')];
    await writeFile(text, 'line\n'.repeat(1000));
    await writeFile(image, Buffer.alloc(5000));
    const read = (file: string) =>
      run(
        JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Read', tool_input: { file_path: file } }),
      );

    const [ofText, ofImage, ofNone] = [
      await read(text),
      await read(image),
      await read(path.join(folder, 'none')),
    ];

    expect(JSON.parse(ofText.stdout)).toMatchObject({ hookSpecificOutput: { updatedInput: { limit: 90 } } });
    expect([ofImage, ofNone]).toEqual([
      { code: 0, stdout: '' },
      { code: 0, stdout: '' },
    ]);
  });

  it('changes nothing when it understands nothing', async () => {
    expect([await run(''), await run('{'), await run('[]')]).toEqual(
      Array.from({ length: 3 }, () => ({ code: 0, stdout: '' })),
    );
  });
});
