import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';
import {
  bash,
  edit,
  findingOf,
  message,
  profileRecords,
  prompt,
  read,
  result,
  text,
  thinking,
  use,
} from './session-file.js';

let scratch: Scratch;
beforeAll(async () => {
  scratch = await makeScratch();
});
afterAll(() => scratch[Symbol.asyncDispose]());

const find = async (id: string, records: readonly object[]) =>
  findingOf(await profileRecords(scratch.folder, records), id);

/** 3.5 characters a token, so that 700 of them are 200 tokens. */
const output = (tokens: number): string => 'x'.repeat(tokens * 3.5);

describe('narration (R1)', () => {
  it('is a message without a tool call that the model went on from by itself', async () => {
    const found = await find('narration', [
      prompt('Do it.'),
      ...message({ id: 'a', blocks: [text('Let me look.')], write: 1000 }),
      ...message({ id: 'b', blocks: [thinking('Hm.')], read: 1000, write: 100 }),
      ...message({ id: 'c', blocks: [text('Now.'), bash('1', 'ls')], read: 1100, write: 100 }),
      result('1', 'a'),
      ...message({ id: 'd', blocks: [text('Done.')], read: 1200, write: 100 }),
    ]);

    expect(found).toEqual({
      rule: 'R1',
      count: 2,
      tokens: 1000,
      costUsd: 0.002, // 1,000 tokens read, and 10 of output twice
      places: [
        {
          requests: [1, 2],
          what: '1 of text, 1 of thinking alone, of 4 messages',
          count: 2,
          tokens: 1000,
          costUsd: 0.002,
        },
      ],
    });
  });

  it('is neither the text of a message that makes its call in the next record, nor an answer to a person', async () => {
    const found = await find('narration', [
      prompt('Do it.'),
      ...message({ id: 'a', blocks: [text('Let me look.'), thinking('Hm.'), bash('1', 'ls')], write: 1000 }),
      result('1', 'a'),
      ...message({ id: 'b', blocks: [text('There is one file. Shall I?')], read: 1000 }),
      prompt('Yes.'),
      ...message({ id: 'c', blocks: [bash('2', 'ls')], read: 1000 }),
    ]);

    expect(found).toBe(null);
  });
});

describe('small edits (R2)', () => {
  it('are edits of a file in four messages and more: all but the first could have been in one', async () => {
    const found = await find('small-edits', [
      prompt('Do it.'),
      ...['1', '2', '3', '4'].flatMap((id) => [
        ...message({ id: `m${id}`, blocks: [edit(id, 'app.py')], read: 1000 }),
        result(id, ''),
      ]),
      ...message({
        id: 'm5',
        blocks: [edit('5', 'b.py'), edit('6', 'app.py'), edit('7', 'app.py')],
        read: 1000,
      }),
    ]);

    expect(found).toEqual({
      rule: 'R2',
      count: 4,
      tokens: 3000, // the last message edits another file as well, and was needed for that
      costUsd: 0.0045,
      places: [
        {
          requests: [1, 2, 3, 4, 5],
          what: 'app.py: 6 edits in 5 messages',
          count: 4,
          tokens: 3000,
          costUsd: 0.0045,
        },
      ],
    });
  });
});

describe('rereads (R2)', () => {
  const rereads = (between: readonly object[]) =>
    find('rereads', [
      prompt('Do it.'),
      ...message({ id: 'a', blocks: [read('1', 'app.py')], read: 0, write: 1000 }),
      result('1', output(100)),
      ...between,
      ...message({ id: 'z', blocks: [read('9', 'app.py')], read: 1000 }),
      result('9', ''),
    ]);

  it('are reads of lines that are in the prompt already', async () => {
    expect(await rereads([])).toEqual({
      rule: 'R2',
      count: 1,
      tokens: 1000,
      costUsd: 0.0015,
      places: [{ requests: [2], what: 'app.py: 1 of 2 reads', count: 1, tokens: 1000, costUsd: 0.0015 }],
    });
  });

  it('are none after an edit, a command that may have changed the file, or a compaction', async () => {
    const edited = [...message({ id: 'b', blocks: [edit('2', 'app.py')], read: 1000 }), result('2', '')];
    const changed = [
      ...message({ id: 'b', blocks: [bash('2', 'make format')], read: 1000 }),
      result('2', ''),
    ];
    const summedUp = [{ type: 'system', subtype: 'compact_boundary', sessionId: 'session-1' }];

    expect(await rereads(edited)).toBe(null);
    expect(await rereads(changed)).toBe(null);
    expect(await rereads(summedUp)).toBe(null);
  });

  it('are none when other lines are read', async () => {
    const lines = (id: string, offset: number) =>
      use(id, 'Read', { file_path: 'app.py', offset, limit: 100 });
    const found = await find('rereads', [
      ...message({ id: 'a', blocks: [lines('1', 1)] }),
      result('1', ''),
      ...message({ id: 'b', blocks: [lines('2', 101)] }),
      result('2', ''),
      ...message({ id: 'c', blocks: [lines('3', 20)], read: 1000 }),
      result('3', ''),
    ]);

    expect(found).toBe(null);
  });
});

describe('what stays in the prompt', () => {
  /** The growth of the next prompt says that the characters are as many tokens as `output` makes them. */
  const carried = (block: object, tokens: number) => [
    prompt(''),
    ...message({ id: 'a', blocks: [block as Readonly<Record<string, unknown>>], write: 1000 }),
    result('1', output(tokens)),
    ...message({ id: 'b', blocks: [bash('2', 'make')], read: 1000, write: tokens + 10 }),
    result('2', ''),
    ...message({ id: 'c', blocks: [bash('3', 'make')], read: 1010 + tokens }),
    result('3', ''),
    ...message({ id: 'd', blocks: [text('Done.')], read: 1010 + tokens }),
  ];

  it('is a subagent’s report, beyond a summary of 500 tokens (R3)', async () => {
    const found = await find('subagent-reports', carried(use('1', 'Task', { description: 'Survey' }), 2500));

    expect(found).toEqual({
      rule: 'R3',
      count: 1,
      tokens: 6000, // 2,000 tokens, written once and read twice
      costUsd: 0.024,
      places: [
        {
          requests: [1],
          what: 'Survey: 8750 characters, 2500 tokens, in 3 later prompts',
          count: 1,
          tokens: 6000,
          costUsd: 0.024,
        },
      ],
    });
  });

  it('is a large output, beyond a digest of 500 tokens (R4)', async () => {
    const found = await find('large-outputs', carried(bash('1', 'make all'), 4500));

    expect(found).toEqual({
      rule: 'R4',
      count: 1,
      tokens: 12_000,
      costUsd: 0.048,
      places: [
        {
          requests: [1],
          what: 'Bash make all: 4500 tokens, in 3 later prompts',
          count: 1,
          tokens: 12_000,
          costUsd: 0.048,
        },
      ],
    });
  });

  it('ends with a compaction', async () => {
    const records = carried(bash('1', 'make all'), 4500);
    const boundary = { type: 'system', subtype: 'compact_boundary', sessionId: 'session-1' };
    const found = await find('large-outputs', [...records.slice(0, -1), boundary, ...records.slice(-1)]);

    expect(found?.places[0]?.what).toBe('Bash make all: 4500 tokens, in 2 later prompts');
  });
});

describe('test runs', () => {
  const run = (id: string, outcome: string, more: { seconds?: number; isError?: boolean } = {}) => [
    ...message({ id: `m${id}`, blocks: [bash(id, 'task test-check')], read: 1000, at: Number(id) * 1000 }),
    result(id, outcome, { at: Number(id) * 1000 + (more.seconds ?? 360), isError: more.isError ?? false }),
  ];
  const mend = (id: string) => [
    ...message({ id: `m${id}`, blocks: [edit(id, 'app.py')], read: 1000, at: Number(id) * 1000 }),
    result(id, ''),
  ];

  it('that the environment kept from testing anything are set-up failures (R5)', async () => {
    const clash = 'task: install-worktree\nerror: Failed to create virtual environment: .venv exists';
    const found = await find('setup-failures', [
      prompt('Do it.'),
      ...run('1', clash, { isError: true }),
      ...run('2', clash),
      ...run('3', '60 failed, 7690 passed in 301.2s', { isError: true }),
    ]);

    expect(found).toEqual({
      rule: 'R5',
      count: 2,
      tokens: 2069, // two prompts of 1,000; and 23 tokens of output, in two later prompts and in one
      costUsd: 0.003483,
      places: expect.any(Array) as unknown,
    });
    expect(found?.places.map(({ requests, what }) => [requests, what])).toEqual([
      [[1], 'task test-check: error: Failed to create virtual environment: .venv exists'],
      [[2], 'task test-check: error: Failed to create virtual environment: .venv exists'],
    ]);
  });

  it('of the whole suite after a few failures are reruns (R6)', async () => {
    const found = await find('suite-reruns', [
      prompt('Do it.'),
      ...run('1', '60 failed, 7690 passed in 301.2s', { isError: true }),
      ...mend('2'),
      ...run('3', 'FAILED a.py::sigterm\n1 failed, 7749 passed in 301.2s', { isError: true }),
      ...run('4', 'FAILED a.py::sigterm\n1 failed, 7749 passed in 301.2s', { isError: true }),
      ...mend('5'),
      ...run('6', '7750 passed in 301.2s'),
    ]);

    expect(found?.places.map(({ requests, what }) => [requests, what])).toEqual([
      [
        [4],
        'task test-check: after 1 failed, 1 failed, 7749 passed, the same failures again, nothing was changed in between, 6 m 00 s',
      ],
      [[6], 'task test-check: after 1 failed, 0 failed, 7750 passed, 6 m 00 s'],
    ]);
  });

  it('are listed with what they came to', async () => {
    const { sessions } = await profileRecords(scratch.folder, [
      prompt('Do it.'),
      ...run('1', 'FAILED a.py::b\n4 failed, 10 passed in 3.2s', { isError: true, seconds: 4 }),
    ]);

    expect(sessions[0]?.testRuns).toEqual([
      {
        thread: null,
        request: 1,
        framework: 'task',
        command: 'task test-check',
        outcome: 'failed',
        passed: 10,
        failed: 4,
        isTargeted: null,
        failsAgain: false,
        isUnchanged: false,
        detail: 'a.py::b',
        durationMs: 4000,
        tokens: 12,
        carriedTokens: 0,
      },
    ]);
  });
});

describe('a test run in the background', () => {
  const say = (id: string, command: string, said: string, at: number) => [
    ...message({ id: `m${id}`, blocks: [bash(id, command)], read: 1000, at }),
    result(id, said, { at: at + 1 }),
  ];
  const started = [
    prompt('Do it.'),
    ...say('1', 'pytest -q > test.log 2>&1 &', 'Command running in background with ID: b1', 10),
    ...say('2', 'sleep 60; tail -3 test.log', '.... [ 40%]', 11),
  ];

  it('came to what the first look tells that shows its end', async () => {
    const { sessions } = await profileRecords(scratch.folder, [
      ...started,
      ...say('3', 'tail -3 test.log', '1 failed, 7749 passed in 331.00s', 130),
      ...say('4', 'cat test.log', '7750 passed in 1.00s', 200),
    ]);

    expect(
      sessions[0]?.testRuns.map(({ request, outcome, passed, failed, durationMs }) => [
        ...[request, outcome, passed, failed],
        durationMs,
      ]),
    ).toEqual([[1, 'failed', 7749, 1, 121_000]]);
  });

  it('stays unknown while no look shows its end', async () => {
    const { sessions } = await profileRecords(scratch.folder, [
      ...started,
      ...say('3', 'make', '', 130),
      ...say('4', 'tail -3 other.log', 'nothing here', 200),
    ]);

    expect(sessions[0]?.testRuns.map(({ outcome }) => outcome)).toEqual(['unknown']);
  });
});

describe('polling (R7)', () => {
  const looks = (commands: readonly string[]) => [
    prompt('Do it.'),
    ...commands.flatMap((command, index) => [
      ...message({ id: `m${index}`, blocks: [bash(`${index}`, command)], read: 1000 }),
      result(`${index}`, ''),
    ]),
  ];

  it('is looking again and again: all but the first look', async () => {
    const found = await find(
      'polling',
      looks([
        'sleep 60',
        'tail -20 /tmp/test.log',
        'ps aux | grep pytest',
        'sleep 60; tail -5 /tmp/test.log',
        'make',
      ]),
    );

    expect(found).toEqual({
      rule: 'R7',
      count: 3,
      tokens: 3000,
      costUsd: 0.0045,
      places: [
        {
          requests: [1, 2, 3, 4],
          what: '4 messages, 2 with sleep: sleep 60',
          count: 3,
          tokens: 3000,
          costUsd: 0.0045,
        },
      ],
    });
  });

  it('is not two looks at two things', async () => {
    expect(await find('polling', looks(['ps aux', 'tail -5 /tmp/a.log', 'make']))).toBe(null);
    expect(await find('polling', looks(['sleep 5; tail a.log', 'make', 'sleep 5; tail a.log']))).toBe(null);
  });
});

describe('the cache', () => {
  const two = (second: object) => [
    prompt('Do it.'),
    ...message({ id: 'a', blocks: [bash('1', 'make')], write: 10_000 }),
    result('1', '', { at: 1 }),
    ...message({ id: 'b', blocks: [text('Done.')], ...second }),
  ];

  it('is missed when what was written is not read: the model, the version, and what nobody knows', async () => {
    const again = { write: 10_100 };

    const found = [
      await find('cache-misses', two(again)),
      await find('cache-misses', two({ ...again, model: 'claude-other' })),
      await find('cache-misses', two({ ...again, version: '2.2.0' })),
      await find('cache-misses', two({ read: 10_000, write: 100 })),
    ];

    expect(found.map((one) => one?.places[0])).toEqual([
      {
        requests: [2],
        what: '10000 tokens not read (0 were): what broke the prefix, the records don’t tell',
        count: 1,
        tokens: 10_000,
        costUsd: 0.09, // 10 a million for writing them instead of 1 for reading
      },
      expect.objectContaining({
        what: '10000 tokens not read (0 were): the model changed, and each has a cache of its own',
        costUsd: null,
      }),
      expect.objectContaining({
        what: '10000 tokens not read (0 were): another version of Claude Code went on with the session',
      }),
      undefined,
    ]);
  });

  it('is not missed for what is new after a summary', async () => {
    const summedUp = (second: object) => [
      prompt('Do it.'),
      ...message({ id: 'a', blocks: [bash('1', 'make')], read: 4000, write: 60_000 }),
      result('1', ''),
      { type: 'system', subtype: 'compact_boundary', sessionId: 'session-1' },
      ...message({ id: 'b', blocks: [text('Done.')], ...second }),
    ];

    expect(await find('cache-misses', summedUp({ read: 4000, write: 9000 }))).toBe(null);
    expect((await find('cache-misses', summedUp({ write: 13_000 })))?.places[0]?.what).toBe(
      '4000 tokens not read (0 were): the conversation was summed up',
    );
  });

  it('expires in a gap of five minutes, or of an hour where it was written for one', async () => {
    const gap = (write1h: number, seconds: number, second: object) => [
      prompt('Do it.'),
      ...message({ id: 'a', blocks: [bash('1', 'make all')], write1h, write: 10_000 - write1h }),
      result('1', '', { at: seconds }),
      ...message({ id: 'b', blocks: [text('Done.')], at: seconds, ...second }),
    ];

    const found = [
      await find('long-gaps', gap(0, 400, { write: 10_000 })),
      await find('long-gaps', gap(10_000, 400, { read: 10_000 })),
      await find('long-gaps', gap(0, 200, { read: 10_000 })),
    ];

    expect(found.map((one) => one?.places[0])).toEqual([
      {
        requests: [2],
        what: '6 m 40 s for Bash make all: 10000 tokens had to be written again',
        count: 1,
        tokens: 10_000,
        costUsd: 0.09,
      },
      {
        requests: [2],
        what: '6 m 40 s for Bash make all: the cache held',
        count: 1,
        tokens: 0,
        costUsd: 0,
      },
      undefined,
    ]);
  });
});
