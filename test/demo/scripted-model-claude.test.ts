import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sumBill } from '../../src/demo/model/bill.js';
import { broken, say, use } from '../../src/demo/model/reply.js';
import { claudePlace, runClaude, startModel, transcriptRecords } from '../support/claude.js';

interface Answered {
  readonly type: 'assistant';
  readonly message: {
    readonly id: string;
    readonly usage: {
      readonly input_tokens: number;
      readonly output_tokens: number;
      readonly cache_read_input_tokens: number;
      readonly cache_creation: {
        readonly ephemeral_5m_input_tokens: number;
        readonly ephemeral_1h_input_tokens: number;
      };
    };
  };
}

test('Claude Code writes the file that the script tells it to, and its transcript adds up to the bill', async () => {
  await using place = await claudePlace();
  const file = join(place.cwd, 'hello.txt');
  const model = await startModel([
    use(
      { name: 'Write', input: { file_path: file, content: 'hello\n' } },
      { name: 'Bash', input: { command: 'echo seen', description: 'Say so' } },
    ),
    say('Written.', { outputTokens: 77 }),
  ]);

  const run = await runClaude({ ...place, url: model.url }, 'Write hello.txt', [
    ...['--model', 'sonnet', '--tools', 'Read,Write,Bash', '--permission-mode', 'acceptEdits'],
    ...['--allowedTools', 'Bash(echo *)', '--output-format', 'json'],
  ]);
  await model.close();

  expect(JSON.parse(run.stdout)).toMatchObject({ subtype: 'success', is_error: false, result: 'Written.' });
  expect(await readFile(file, 'utf8')).toBe('hello\n');
  const asked = model.requests.flatMap(({ scripted }) => scripted?.request ?? []);
  expect(asked.map(({ turn, firstMessage, isSide }) => ({ turn, firstMessage, isSide }))).toEqual([
    { turn: 1, firstMessage: 'Write hello.txt', isSide: false },
    { turn: 2, firstMessage: 'Write hello.txt', isSide: false },
  ]);
  expect(asked[1]?.toolResults.map(({ name, isError }) => ({ name, isError }))).toEqual([
    { name: 'Write', isError: false },
    { name: 'Bash', isError: false },
  ]);
  const messages = new Map(
    (await transcriptRecords(place.home))
      .filter((record): record is Answered => (record as { type?: string }).type === 'assistant')
      .map(({ message }) => [message.id, message.usage]),
  );
  const sum = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  for (const usage of messages.values()) {
    sum.input += usage.input_tokens;
    sum.output += usage.output_tokens;
    sum.cacheRead += usage.cache_read_input_tokens;
    sum.cacheWrite5m += usage.cache_creation.ephemeral_5m_input_tokens;
    sum.cacheWrite1h += usage.cache_creation.ephemeral_1h_input_tokens;
  }
  expect([...messages.keys()]).toEqual(model.bill.map(({ id }) => id));
  expect(sum).toEqual(sumBill(model.bill));
  expect(sum.cacheRead).toBeGreaterThan(0);
});

test('a resumed session comes with both prompts, and reads the prefix that it wrote before', async () => {
  await using place = await claudePlace();
  const session = randomUUID();
  const flags = ['--model', 'sonnet', '--tools', 'Read', '--output-format', 'json'];
  const model = await startModel([say('first'), say('second')]);

  await runClaude({ ...place, url: model.url }, 'Begin', [...flags, '--session-id', session]);
  const run = await runClaude({ ...place, url: model.url }, 'Go on', [...flags, '--resume', session]);
  await model.close();

  expect(JSON.parse(run.stdout)).toMatchObject({ result: 'second', is_error: false });
  const resumed = model.requests.at(-1)?.scripted?.request;
  expect(resumed).toMatchObject({
    prompts: ['Begin', 'Go on'],
    turn: 2,
    turnOfPrompt: 1,
    sessionId: session,
  });
  expect(model.bill[1]?.tokens.cacheRead).toBeGreaterThanOrEqual(
    model.bill[0]?.tokens.cacheWrite5m ?? Infinity,
  );
});

test('a stream that is cut off is asked for again in one piece, and both are on the bill', async () => {
  await using place = await claudePlace();
  const model = await startModel([broken(say('Half of this is lost.'), 'drop'), say('All of it.')]);

  const run = await runClaude({ ...place, url: model.url }, 'Begin', [
    '--model',
    'sonnet',
    '--output-format',
    'json',
  ]);
  await model.close();

  expect(JSON.parse(run.stdout)).toMatchObject({ result: 'All of it.', is_error: false });
  expect(model.requests.flatMap(({ scripted }) => scripted?.request.isStreaming ?? [])).toEqual([
    true,
    false,
  ]);
  expect(model.bill.map(({ isComplete }) => isComplete)).toEqual([false, true]);
});
