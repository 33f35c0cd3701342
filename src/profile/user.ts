/** Records of what came into the prompt: tool results and what people, hooks and Claude Code itself said. */
import { charactersOf, plainText } from './blocks.js';
import type { Book, OpenThread } from './book.js';
import type { OpenCall } from './calls.js';
import { excerpt, fieldsOf, listOf, textOf } from './json.js';
import type { Fields } from './json.js';
import { readTestOutput } from './test-output.js';
import type { TestOutput } from './test-output.js';

export function addUser(book: Book, record: Fields, thread: OpenThread, at: number | null): void {
  const { content } = fieldsOf(record['message']);
  if (typeof content === 'string') {
    thread.otherCharacters += content.length;
    follow(thread, record);
    return;
  }
  const blocks = listOf(content).map(fieldsOf);
  const others = blocks.filter(({ type }) => type !== 'tool_result');
  for (const block of blocks) if (block['type'] === 'tool_result') addResult(book, block, at);
  thread.otherCharacters += charactersOf(others);
  // Text beside tool results is what Claude Code adds to them.
  if (others.length === blocks.length) follow(thread, record);
}

function follow(thread: OpenThread, record: Fields): void {
  if (record['isCompactSummary'] === true) thread.follows = 'compaction';
  else if (record['isMeta'] !== true && thread.follows !== 'compaction') thread.follows = 'prompt';
}

/** A result whose call isn't known is another session's, or a copy. */
function addResult(book: Book, block: Fields, at: number | null): void {
  const id = textOf(block['tool_use_id']) ?? '';
  const call = book.waiting.get(id);
  if (call === undefined) return;
  book.waiting.delete(id);
  const { content } = block;
  const isError = block['is_error'] === true;
  call.result = {
    characters: charactersOf(content),
    isError,
    at,
    test: testOutputOf(call, content, isError),
    why: isError && call.kind === 'setup' ? tellingLine(plainText(content)) : null,
  };
}

/** Of a run; and of a look at something that runs, when it shows how tests ended. */
function testOutputOf({ test, wait }: OpenCall, content: unknown, isError: boolean): TestOutput | null {
  if (test !== null) return readTestOutput(plainText(content), isError);
  if (wait === null) return null;
  const shown = readTestOutput(plainText(content), false);
  return shown.outcome === 'passed' || shown.outcome === 'failed' ? shown : null;
}

function tellingLine(text: string): string {
  const lines = text.split('\n', 200).map((line) => line.trim());
  return excerpt(lines.find((line) => /error|fail|cannot|not found/i.test(line)) ?? lines[0] ?? '');
}
