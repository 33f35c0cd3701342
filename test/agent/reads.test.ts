import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { parseEvent } from '../../src/agent/events.js';
import { filesRead } from '../../src/agent/reads.js';
import { nothingSeen, watch } from '../../src/agent/watch.js';
import type { Watched } from '../../src/agent/watch.js';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'regen-reads-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'made'));
  await writeFile(join(folder, 'made/plot.png'), 'png');
  await symlink(join(folder, 'made'), join(folder, 'link'));
});

it('are the files that the tool showed, and those that it refused', async () => {
  const lines = [
    asks('m1', { a: 'made/plot.png', b: 'gone.png' }),
    answers('a', { content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png' } }] }),
    answers('b', { content: 'File does not exist.', is_error: true }),
  ];

  expect(await readsOf(lines)).toEqual([
    { path: join(folder, 'made/plot.png'), isShown: true, isLate: false },
    { path: join(folder, 'gone.png'), isShown: false, isLate: false },
  ]);
});

it('name a file once, however its path is written, as shown if it ever was', async () => {
  const lines = [
    asks('m1', { a: `${folder}/link/plot.png` }),
    answers('a', { is_error: true }),
    asks('m2', { b: ' ./link/../made/plot.png ' }),
    answers('b'),
    asks('m3', { c: 'made/plot.png' }),
    answers('c', { is_error: true }),
  ];

  expect(await readsOf(lines)).toEqual([
    { path: join(folder, 'made/plot.png'), isShown: true, isLate: false },
  ]);
});

it('leave out what had no result, what a subagent read, and what other tools were given', async () => {
  const lines = [
    asks('m1', { a: 'made/plot.png' }),
    asks('m2', { b: 'made/plot.png' }, 'toolu_agent'),
    answers('b'),
    assistant('m3', [{ type: 'tool_use', id: 'c', name: 'Edit', input: { file_path: 'made/plot.png' } }]),
    answers('c'),
    assistant('m4', [{ type: 'tool_use', id: 'd', name: 'Read', input: { path: 'made/plot.png' } }]),
    answers('d', { is_error: true }),
  ];

  expect(await readsOf(lines)).toEqual([]);
});

it('know what comes along with the structured answer, or after it: only a later turn can rest on that', async () => {
  const answer = { type: 'tool_use', id: 's', name: 'StructuredOutput', input: { score: 1 } };
  const lines = [
    asks('m1', { a: 'first.txt' }),
    answers('a'),
    asks('m2', { b: 'along.txt' }),
    answers('b'), // some versions run a tool while the rest of its message is still coming
    assistant('m2', [answer]),
    answers('s'),
    asks('m3', { c: 'after.txt' }),
    answers('c'),
  ];

  expect(await readsOf(lines)).toEqual([
    { path: join(folder, 'first.txt'), isShown: true, isLate: false },
    { path: join(folder, 'along.txt'), isShown: true, isLate: true },
    { path: join(folder, 'after.txt'), isShown: true, isLate: true },
  ]);
});

it('are those before the last structured answer, when the first one was refused', async () => {
  const answer = (id: string) => ({ type: 'tool_use', id, name: 'StructuredOutput', input: {} });
  const lines = [
    assistant('m1', [answer('s')]),
    answers('s', { is_error: true }),
    asks('m2', { a: 'between.txt' }),
    answers('a'),
    assistant('m3', [answer('t')]),
  ];

  expect(await readsOf(lines)).toEqual([{ path: join(folder, 'between.txt'), isShown: true, isLate: false }]);
});

function readsOf(lines: readonly object[]) {
  const { reads } = lines.reduce(
    (seen: Watched, line) => watch(seen, parseEvent(JSON.stringify(line))),
    nothingSeen,
  );
  return filesRead(reads, folder);
}

/** Calls of Read by their ids. */
function asks(
  message: string,
  calls: Readonly<Record<string, string>>,
  thread: string | null = null,
): object {
  const blocks = Object.entries(calls).map(([id, file_path]) => ({
    ...{ type: 'tool_use', id, name: 'Read', input: { file_path } },
  }));
  return assistant(message, blocks, thread);
}

function assistant(id: string, content: readonly object[], thread: string | null = null): object {
  const usage = { input_tokens: 1, output_tokens: 1 };
  return {
    type: 'assistant',
    message: { id, model: 'm', stop_reason: null, usage, content },
    parent_tool_use_id: thread,
  };
}

function answers(id: string, more: object = {}): object {
  const content = [{ type: 'tool_result', tool_use_id: id, content: 'text', ...more }];
  return { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null };
}
