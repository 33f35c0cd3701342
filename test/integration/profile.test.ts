import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sumBill } from '../../src/demo/model/bill.js';
import { say, sayAndUse, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedModel } from '../../src/demo/model/server.js';
import type { Profile } from '../../src/model/profile.js';
import { claudeEnv, claudePlace, runClaude, startModel } from '../support/claude.js';
import type { ClaudePlace } from '../support/claude.js';
import { cliPath } from '../support/world.js';

const session = '11111111-1111-4111-8111-111111111111';

let place: ClaudePlace;
let model: ScriptedModel;

/** One real session that narrates, reads again, has a subagent report, edits bit by bit, polls, and tests. */
beforeAll(async () => {
  place = await claudePlace();
  const app = join(place.cwd, 'app.py');
  await writeFile(app, Array.from({ length: 120 }, (_, n) => `print(${n})`).join('\n'));
  await writeFile(join(place.cwd, 'test.log'), 'still running\n');
  await writeFile(
    join(place.cwd, 'pytest'),
    '#!/bin/sh\necho "FAILED a.py::b - x"\necho "1 failed, 3 passed in 0.2s"\nexit 1\n',
  );
  await chmod(join(place.cwd, 'pytest'), 0o755);
  const bash = (command: string) => ({ name: 'Bash', input: { command, description: 'd' } });
  const read = { name: 'Read', input: { file_path: app } };
  const edit = (n: number) => ({
    name: 'Edit',
    input: { file_path: app, old_string: `print(${n})\n`, new_string: `print(-${n})\n` },
  });
  const survey = { description: 'Survey', prompt: 'SURVEY', subagent_type: 'general-purpose' };
  const steps: readonly ScriptedReply[] = [
    sayAndUse('Let me look at it.', read, bash('ls')),
    sayAndUse('Once more.', read),
    use({ name: 'Agent', input: survey }),
    ...[10, 11, 12, 13].map((n) => sayAndUse('Now the next one.', edit(n))),
    ...[1, 2, 3].map(() => use(bash('sleep 0.1; tail -1 test.log'))),
    use(bash('./pytest -q')),
    use(bash('./pytest -q')),
    say('Done.'),
  ];
  model = await startModel({
    side: () => say('{}'),
    main: ({ firstMessage, turn }) =>
      firstMessage.startsWith('SURVEY')
        ? say('A long report. '.repeat(300))
        : (steps[turn - 1] ?? say('There is nothing more to do.')),
  });
  const flags = ['--model', 'claude-sonnet-4-5', '--permission-mode', 'bypassPermissions'];
  const stream = ['--output-format', 'stream-json', '--verbose'];
  const run = await runClaude({ ...place, url: model.url }, 'Do it.', [
    ...flags,
    ...stream,
    '--session-id',
    session,
  ]);
  await writeFile(join(place.home, 'stream.jsonl'), run.stdout);
});

afterAll(async () => {
  await model.close();
  await place[Symbol.asyncDispose]();
});

async function profile(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [cliPath, 'profile', ...args], {
    cwd: place.home,
    env: claudeEnv(place.home, model.url),
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stderr, document: JSON.parse(stdout) as Profile };
}

describe('a session of the real Claude Code', () => {
  it('is found by the beginning of its id, and its sums are the bill to the token', async () => {
    const { exitCode, stderr, document } = await profile(session.slice(0, 8), '--json');

    const billed = sumBill(model.bill.filter(({ isSide }) => !isSide));
    const { requests, input, output, cacheRead, cacheWrite5m, cacheWrite1h, toolCalls, subagents } =
      document.totals;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }).toEqual(billed);
    expect({ requests, toolCalls, subagents }).toEqual({ requests: 14, toolCalls: 13, subagents: 1 });
    expect(document.counting.perRecord).toMatchObject({ requests: 21, withoutTool: 8 });
    expect(document.counting.perMessage).toMatchObject({ requests: 14, withoutTool: 2 });
  });

  it('shows what was wasted, and no narration that is none', async () => {
    const { document } = await profile(session, '--json');

    const found = document.findings.map(({ id, count, places }) => [id, count, places[0]?.requests]);
    expect(Object.fromEntries(found.map(([id, ...rest]) => [id, rest]))).toEqual({
      rereads: [1, [2]],
      'subagent-reports': [1, [3]],
      'small-edits': [3, [4, 5, 6, 7]],
      polling: [2, [8, 9, 10]],
      'suite-reruns': [1, [12]],
    });
    expect(
      document.sessions[0]?.testRuns.map(({ outcome, passed, failed, failsAgain }) => [
        outcome,
        passed,
        failed,
        failsAgain,
      ]),
    ).toEqual([
      ['failed', 3, 1, false],
      ['failed', 3, 1, true],
    ]);
  });

  it('as the stream of the same run has the same requests, and says what it doesn’t tell', async () => {
    const { document } = await profile('stream.jsonl', '--json');

    const [told] = document.sessions;
    expect(told).toMatchObject({ session, source: 'stream', output: null, costUsd: null });
    expect(told?.reported?.output).toBe(sumBill(model.bill.filter(({ isSide }) => !isSide)).output);
    expect(document.findings.map(({ id }) => id).sort()).toEqual([
      'polling',
      'rereads',
      'small-edits',
      'subagent-reports',
      'suite-reruns',
    ]);
  });

  it('leaves a transcript for the subagent, which can be looked at alone', async () => {
    const projects = join(place.home, '.claude', 'projects');
    const [name = ''] = (await readdir(projects, { recursive: true })).filter((file) =>
      /agent-.*\.jsonl$/.test(file),
    );

    const { document } = await profile(join(projects, name), '--json');

    expect(
      document.sessions.map((one) => [one.session, one.requests, one.threads[0]?.agent === null]),
    ).toEqual([[session, 1, false]]);
  });
});
