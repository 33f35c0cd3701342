import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bash,
  edit,
  jsonLines,
  message,
  prompt,
  result,
  text,
  thinking,
  use,
  writeFiles,
} from '../profile/session-file.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import { cliPath } from '../support/world.js';

let scratch: Scratch;

beforeAll(async () => {
  scratch = await makeScratch();
  await writeFiles(scratch.folder, { 'session.jsonl': jsonLines(records) });
});

afterAll(() => scratch[Symbol.asyncDispose]());

async function profile(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, 'profile', ...args], {
    cwd: scratch.folder,
    env: { HOME: scratch.folder, CLAUDE_CONFIG_DIR: '', GITHUB_TOKEN: 'gh-token-of-a-test' },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

const model = 'claude-sonnet-4-5';

/** A session that waits by looking, edits one file bit by bit, and has a report carried along. */
const records = [
  prompt('Mend it.'),
  ...message({
    ...{ id: 'a', model, write: 20_000, output: 90, at: 5 },
    blocks: [thinking('Hm.'), text('Let me have it looked at.'), use('1', 'Task', { description: 'Survey' })],
  }),
  result('1', 'r'.repeat(7000), { at: 60 }),
  ...[2, 3, 4, 5].flatMap((n) => [
    ...message({
      ...{
        id: `edit-${n}`,
        model,
        read: 20_000 + 2000 * (n > 2 ? 1 : 0),
        write: n === 2 ? 2100 : 100,
        at: 60 * n,
      },
      blocks: [text('Now the next one.'), edit(String(n), 'src/legend.py')],
    }),
    result(String(n), 'ok', { at: 60 * n + 1 }),
  ]),
  ...message({
    ...{ id: 'test', model, read: 22_400, write: 100, at: 400 },
    blocks: [bash('6', 'GITHUB_TOKEN=gh-token-of-a-test uv run pytest -q > test.log 2>&1 &')],
  }),
  result('6', 'Command running in background with ID: 1', { at: 401 }),
  ...[7, 8, 9].flatMap((n) => [
    ...message({
      ...{ id: `poll-${n}`, model, read: 22_500, write: 100, at: 100 + 60 * n },
      blocks: [bash(String(n), 'sleep 60; tail -2 test.log')],
    }),
    result(String(n), 'FAILED tests/a.py::b\n1 failed, 20 passed in 80.1s', { at: 150 + 60 * n }),
  ]),
  ...message({ id: 'end', model, read: 22_600, write: 100, at: 1000, blocks: [text('One test fails.')] }),
];

describe('regen profile', () => {
  it('tells a person where the tokens went, and what would have saved them, in 100 columns', async () => {
    const { exitCode, stdout, stderr } = await profile('session.jsonl');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).toMatchInlineSnapshot(`
      "Profile of session.jsonl: 1 session, 10 requests, 9 tool calls, peak context 22.7k, $0.15
      Messages: 9 with tool calls, 1 of text alone, 0 of thinking alone; after 0 of those the model went
      on to a tool by itself.

      Sessions (tokens)
        session    requests  uncached  output    read  write   peak   mean  tools     time   cost
        session-1        10         0     180  198.5k  22.9k  22.7k  22.1k      9  16m 40s  $0.15

      Context, first → last request
        session-1    20.0k → 22.7k    ██████████

      Counting: records are not messages
                               requests  without tool  uncached  output  cache read  cache write
        added up by record           16             7         0     400      284.5k        65.3k
        by message, as billed        10             1         0     180      198.5k        22.9k
        too much by               1.60x                                       1.58x
        Claude Code writes a record for each block of a message, all with the id and the usage of the
        whole. 6 of 7 “turns without a tool” are text or thinking of a message that has its call in
        another record.

      Findings, the dearest first (they overlap: don’t add them up)
       1. R2  Edits of a file that was being edited already, one message each: 3; 66.0k tokens, $0.02
              - requests 2–5: src/legend.py: 4 edits in 4 messages (66.0k tokens)
              → Make all edits of a file in one message (several Edit calls, or one Write of the whole
                file), and the same change at many places by one command.
       2. R7  Looks after something that was still running: 2; 45.0k tokens, $0.01
              - requests 7–9: 3 messages, 3 with sleep: sleep 60; tail -2 test.log (45.0k tokens)
              → Wait once: run the command in the foreground with a long timeout, or in one call that ends
                when it does ("while pgrep …; do sleep 5; done").
       3. R3  Subagents’ reports carried in full: 1; 13.6k tokens, $0.0093
              - request 1: Survey: 7000 characters, 2010 tokens, in 9 later prompts (13.6k tokens)
              → Have subagents write what they found to a file and answer with its path and a summary of a
                few lines; read the file when it is needed.

      Tool results in the prompts (tokens)
        tool  calls  errors  added  carried
        Task      1       0   2.0k    18.1k
        Bash      4       0     53      128
        Edit      4       0      4       26

      Edited files
        session    file           edits  in messages  reads
        session-1  src/legend.py      4            4      0

      Test runs
        session    request  result        command                                     time  carried
        session-1  6        FAIL 1 of 21  GITHUB_TOKEN=*** uv run pytest -q > tes…  2m 50s       44"
    `);
  });

  it('--json is one document with every request; --top leaves findings out, not their number', async () => {
    const { exitCode, stdout } = await profile('session.jsonl', '--json', '--top', '1');

    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      subject: 'session.jsonl',
      findingsInAll: 3,
      findings: [{ id: 'small-edits', rule: 'R2', count: 3 }],
      sessions: [
        { session: 'session-1', requests: 10, threads: [{ perRequest: expect.any(Array) as unknown }] },
      ],
      steps: [],
      unknown: [],
    });
    expect(stdout).not.toContain('gh-token-of-a-test');
  });

  it.each<[args: string[], message: string]>([
    [[], 'missing required argument'],
    [['nowhere.jsonl'], 'there is no nowhere.jsonl'],
    [['session.jsonl', '--top', '0'], '--top takes a count from 1 on, not "0"'],
    [['session.jsonl', 'more'], 'too much for "regen profile": "more"'],
  ])('%j is refused, and nothing else is said on stdout', async (args, said) => {
    const plain = await profile(...args);
    const json = await profile(...args, '--json');

    expect([plain.exitCode, plain.stdout]).toEqual([2, '']);
    expect(plain.stderr).toContain(said);
    expect(JSON.parse(json.stdout)).toMatchObject({ exit: 2, error: { code: 'usage' } });
  });

  it('ends quietly when nobody reads what it prints', async () => {
    const { exitCode, stderr } = await execa(
      'sh',
      ['-c', `'${process.execPath}' '${cliPath}' profile session.jsonl --json | head -c 10`],
      { cwd: scratch.folder, env: { HOME: scratch.folder }, reject: false },
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});
