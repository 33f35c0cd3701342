/** What sessions say, booked: real ledger, journals and transcripts. */
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSessions } from '../../src/agent/sessions.js';
import type { MessageRow } from '../../src/model/ledger.js';
import type { Surroundings } from '../../src/model/surroundings.js';
import { createJournals } from '../../src/step/journal-files.js';
import { runTokenName } from '../../src/step/run-lock.js';
import { bookCaller, settleSessions } from '../../src/step/session-books.js';
import type { Line } from '../../src/step/stage.js';
import { createLedger } from '../../src/usage/ledger.js';
import { messageRow } from '../support/ledger-rows.js';
import { makeScratch } from '../support/scratch.js';

const plan = { plan: '20260502T140000Z', target: 'charts' };

/** A repository at the minute 0 of a day, and sessions that say something in it. */
async function makeScene() {
  const scratch = await makeScratch();
  onTestFinished(() => scratch[Symbol.asyncDispose]());
  const home = path.join(scratch.folder, 'home');
  const env: Record<string, string> = { CLAUDE_CONFIG_DIR: home };
  let minute = 0;
  const said: string[] = [];
  const surroundings: Surroundings = {
    root: scratch.folder,
    env,
    now: () => instant(minute),
    newId: randomUUID,
    progress: (line) => {
      if (line.includes('session')) said.push(line);
    },
  };
  const ledger = createLedger({ surroundings, prices: {} });
  const journals = createJournals(surroundings);
  const sessions = createSessions({ root: scratch.folder, env: { CLAUDE_CONFIG_DIR: home } });
  const stations = { ledger, sessions } as unknown as Line['stations']; // the rest isn't asked
  const line = { config: {}, stations, journals, surroundings } as unknown as Line; // nor is the configuration

  const say = async (session: string, at: number, id: string, change: Change = {}): Promise<void> => {
    minute = at;
    const { thread = '', reason = 'end_turn' } = change;
    const file = path.join(home, 'projects', 'p', `${session}${thread}.jsonl`);
    await mkdir(path.dirname(file), { recursive: true });
    const content = [{ type: 'tool_use', id: `t-${id}`, name: 'Bash', input: { command: 'regen' } }];
    const usage = { input_tokens: 10, output_tokens: 1 };
    const message = { id, model: 'claude-sonnet-5', stop_reason: reason, usage, content };
    await appendFile(
      file,
      `${JSON.stringify({ type: 'assistant', timestamp: instant(at).toISOString(), message })}\n`,
    );
  };
  const open = (item: string) => journals.open({ ...plan, item, base: '0'.repeat(40) });
  return {
    ...{ env, ledger, line, open, said, say },
    call: async (session: string, item: string, by: 'item' | 'step' = 'item') => {
      env['CLAUDE_CODE_SESSION_ID'] = session;
      await bookCaller(line, (await open(item)).attempt, by);
    },
    settle: async (at: number) => {
      minute = at;
      await settleSessions(line);
    },
    booked: async () => {
      const sums = [...(await ledger.tokenSums(plan)), ...(await ledger.tokenSums({ plan: '', target: '' }))];
      return sums.flatMap(({ item, sharedBy, stage, usage: { requests } }) =>
        stage === 'session' ? [`${item ?? (sharedBy.join('+') || 'nobody')}: ${requests}`] : [],
      );
    },
  };
}

interface Change {
  readonly thread?: string;
  readonly reason?: string | null;
}

function instant(minute: number): Date {
  return new Date(Date.UTC(2026, 4, 2, 14, minute));
}

test('what a run of regen’s was booked for is not booked again for a session that was forked off it', async () => {
  const { booked, call, ledger, say } = await makeScene();
  const run: MessageRow = messageRow({
    ...plan,
    message: 'replayed',
    session: 'run',
    at: instant(1).toISOString(),
  });
  await ledger.book([run]);
  await say('fork', 1, 'replayed');
  await say('fork', 2, 'own');

  await call('fork', 'bar');

  expect(await booked()).toEqual(['bar: 1']);
});

test('last words are booked by whoever looks next; two hours after its last command a session is left alone', async () => {
  const { booked, call, say, settle } = await makeScene();
  await say('s', 1, 'starts');
  await call('s', 'bar');
  await say('s', 3, 'goes on');

  await settle(4);
  const first = await booked();
  await say('s', 60, 'last words');
  await settle(200);
  await say('s', 210, 'of something else');
  await settle(220);
  const second = await booked();
  await call('s', 'bar');

  expect(first).toEqual(['bar: 2']);
  expect(second).toEqual(['bar: 3']);
  expect(await booked()).toEqual(['bar: 3', 'bar: 1']); // the call opens its log again
});

test('an answer that broke off and that nothing came after is an estimate when it has been silent for long', async () => {
  const { booked, call, ledger, say, settle } = await makeScene();
  await say('s', 1, 'starts');
  await call('s', 'bar');
  await say('s', 2, 'cut', { thread: '/subagents/agent-a', reason: null });

  await settle(5);
  const early = await booked();
  await settle(40);

  expect(early).toEqual(['bar: 1']);
  expect(await booked()).toEqual(['bar: 2']);
  const [sum] = await ledger.tokenSums(plan);
  expect(sum?.estimated.requests).toBe(1);
});

test('the turn that calls a run of several steps is shared by the items that the run does', async () => {
  const { booked, call, env, say, settle } = await makeScene();
  await say('s', 1, 'regen run');
  env[runTokenName] = 'of the run';
  await call('s', 'bar', 'step');
  await call('s', 'pie', 'step');
  const during = await booked();

  await settle(2);

  expect(during).toEqual([]);
  expect(await booked()).toEqual(['bar+pie: 1']);
});

test.each(['', '..', '../s', 'a\nb', 'x'.repeat(300)])('%j is no session’s name', async (name) => {
  const { booked, call, said } = await makeScene();

  await call(name, 'bar');

  expect(await booked()).toEqual([]);
  expect(said).toEqual([]);
});
