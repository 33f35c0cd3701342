import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { broken, say } from '../../src/demo/model/reply.js';
import { runningProcesses } from '../../src/system/processes.js';
import type { LedgerRow, MessageRow, RunRow } from '../../src/model/ledger.js';
import type { TokenCounts } from '../../src/model/usage.js';
import { startForge } from '../support/forge.js';
import { runGit } from '../support/git-repo.js';
import { holdAt } from '../support/holding.js';
import type { Holding } from '../support/holding.js';
import { isJudge, judgedBy } from '../support/judge.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import { descendants, endBy, running, until } from '../support/process-watch.js';
import { answerWith, rubricText } from '../support/rubric.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

/** In the poet's first prompt: 1 reads, 2 writes, 3 says so. */
const whileWriting = 2;

describe('an agent that was interrupted', () => {
  it.each([
    { what: 'regen', kill: (step: ChildProcess) => endBy(step, 'SIGKILL') },
    {
      what: 'regen and claude',
      kill: async (step: ChildProcess, world: World, hold: Holding) => {
        await untilNoted(world, hold);
        await killWithAgent(step);
      },
    },
    { what: 'regen, by Ctrl-C,', kill: (step: ChildProcess) => endBy(step, 'SIGINT') },
  ])('is gone on with in its session and attempt after $what was ended', async ({ kill }) => {
    const hold = holdAt([whileWriting], poet());
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const base = await world.repository.git('rev-parse', 'origin/main');

    const step = world.start([]);
    await hold.reached();
    await kill(step, world, hold);
    await world.repository.commit({ files: { 'poems/autumn/about.md': '# A Poem of Autumn\n\nRain.\n' } });
    await world.repository.git('push', '--quiet', 'origin', 'main');
    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', attempt: 1 } });
    const [first, ...later] = hold.asked;
    const resumed = later[1]; // the first one was never answered
    expect(resumed?.sessionId).toBe(first?.sessionId);
    expect(resumed?.system).toBe(first?.system);
    expect(resumed?.prompts).toEqual([
      first?.firstMessage,
      expect.stringMatching(/^You were interrupted [^#]*$/) as string,
    ]);
    expect(resumed?.toolResults.map(({ name }) => name)).toEqual(['Read']);
    expect(await booked(world)).toEqual(billed(world));
    expect(await world.repository.git('merge-base', await tipOf(world), 'origin/main')).toBe(base);
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });

  it('is gone on with again and again, and each message is booked once', async () => {
    const hold = holdAt([whileWriting, 4], poet());
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const first = world.start([]);
    await hold.reached(1);
    await endBy(first, 'SIGKILL');
    const second = world.start([]);
    await hold.reached(2);
    await untilNoted(world, hold);
    await killWithAgent(second);

    const third = await world.regen(['--json']);

    expect(third).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    expect(new Set(hold.asked.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(hold.asked.at(-1)?.prompts).toHaveLength(3);
    expect(await booked(world)).toEqual(billed(world));
    const runs = await runRows(world);
    expect(runs.map(({ outcome, reported, difference }) => [outcome, reported !== null, difference])).toEqual(
      [
        ['killed', false, null],
        ['killed', false, null],
        ['completed', true, null],
      ],
    );
    expect(runs.reduce((sum, { usage }) => sum + usage.requests, 0)).toBe((await ledger(world)).length);
  });

  it('is not gone on with for ever: starts that never end are counted', async () => {
    const hold = holdAt([1, 2], poet());
    const config = poemConfig({ more: 'budget: { itemAttempts: 2 }' });
    await using world = await makeWorld({ files: poemFiles, config, script: hold.script });
    await world.regen(['plan', 'autumn']);
    for (const nth of [1, 2]) {
      const step = world.start([]);
      await hold.reached(nth);
      await endBy(step, 'SIGKILL');
    }

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({
      exitCode: 1,
      document: { outcome: 'failed', reason: expect.stringContaining('budget.itemAttempts') as string },
    });
    expect(hold.asked).toHaveLength(2);
    expect(running(world.root)).toEqual([]);
  });

  it('costs nothing more when it came to its end with nobody watching', async () => {
    const hold = holdAt([whileWriting], poet());
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await hold.reached();
    const [agent = 0] = descendants(step.pid ?? 0);
    await endBy(step, 'SIGKILL');
    hold.letGo();
    await until(() => !runningProcesses().some(({ pid }) => pid === agent));

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    expect(hold.asked.map(({ prompts }) => prompts.length)).toEqual([1, 1, 1]);
    expect(await booked(world)).toEqual(billed(world));
  });

  it('has an answer in flight booked as an estimate', async () => {
    const hold = holdAt([], (request) =>
      request.turn === 2 && request.prompts.length === 1
        ? broken(say('I think of leaves. '.repeat(20)), 'stall')
        : poet()(request),
    );
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await until(async () => (await streamOf(world)).includes('I think of leaves.'));
    await killWithAgent(step);

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    expect(withoutOutput(await booked(world))).toEqual(withoutOutput(billed(world)));
    expect((await ledger(world)).filter(({ isEstimate }) => isEstimate)).toHaveLength(1);
  });
});

describe('an agent that was interrupted and can’t be gone on with', () => {
  it.each([
    {
      what: 'its transcript is gone, as Claude Code’s own cleaning leaves it',
      lose: (world: World) => rm(path.join(world.home, '.claude', 'projects'), { recursive: true }),
    },
    {
      what: 'its worktree is gone',
      lose: (world: World) => rm(path.join(world.root, '.worktrees'), { recursive: true }),
    },
  ])('is done afresh: $what', async ({ lose }) => {
    const hold = holdAt([3], poet());
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await hold.reached();
    await killWithAgent(step);
    await lose(world);

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 2 } });
    expect(hold.asked.map(({ prompts }) => prompts.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });

  it('begins a session of its own when the model had not answered yet', async () => {
    const hold = holdAt([1], poet());
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await hold.reached();
    await until(
      async () => (await filesBelow(path.join(world.home, '.claude', 'projects'), '.jsonl')) !== '',
    );
    await killWithAgent(step);

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    const [first, ...later] = hold.asked;
    expect(later.map(({ prompts }) => prompts)).toEqual(Array(3).fill(first?.prompts));
    expect(new Set(later.map(({ sessionId }) => sessionId)).has(first?.sessionId ?? null)).toBe(false);
    expect(await booked(world)).toEqual(billed(world));
  });
});

describe('a later run that was interrupted', () => {
  it('a repair: goes on in its session, and is told again what to mend', async () => {
    const hold = holdAt([5], poet({ bold: ['still stale\n', 'new bold\n', 'new bold\n'] }));
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await hold.reached();
    await untilNoted(world, hold);
    await killWithAgent(step);

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    const last = hold.asked.at(-1);
    expect(last?.prompts).toHaveLength(3);
    expect(last?.prompts[1]).toMatch(/^# The work does not pass yet/);
    expect(last?.prompts[2]).toMatch(/^You were interrupted [\s\S]*# The work does not pass yet/);
    expect(await booked(world)).toEqual(billed(world));
  });

  it('a repair whose session is gone: another one is told task and repair', async () => {
    const hold = holdAt([5], (request) =>
      poet(request.firstMessage.includes('# The work does not pass yet') ? {} : { bold: ['still stale\n'] })(
        request,
      ),
    );
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await hold.reached();
    await killWithAgent(step);
    await rm(path.join(world.home, '.claude', 'projects'), { recursive: true });

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    const [first] = hold.asked;
    expect(hold.asked.at(-1)?.prompts).toEqual([
      expect.stringContaining(first?.firstMessage ?? '-') as string,
    ]);
  });

  it('the judge’s: it is asked anew, and the author is not', async () => {
    const evaluate = 'evaluate:\n  rubric: prompts/rubric.yaml\n  accept: 50\n';
    const good = answerWith({ vq1: 20, vq2: 10, de1: 16 });
    const hold = holdAt([4], judgedBy({ bold: [good] }, poet()));
    await using world = await makeWorld({
      files: { ...poemFiles, 'prompts/rubric.yaml': rubricText },
      config: poemConfig({ more: evaluate }),
      script: hold.script,
    });
    await world.regen(['plan', 'autumn']);
    const step = world.start([]);
    await hold.reached();
    await killWithAgent(step);

    const next = await world.regen(['--json']);

    expect(next).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1, score: 92 } });
    expect(hold.asked.filter((request) => !isJudge(request))).toHaveLength(3);
    expect(await booked(world)).toEqual(billed(world));
  });
});

describe('a step that was killed', () => {
  it('between two labels sets the rest, without the agent and without a second pull request', async () => {
    const ship = '  repository: o/r\n  labels: [one, two]\n  labelDelay: 3s';
    await using world = await makeWorld({ files: poemFiles, config: poemConfig({ ship }), script: poet() });
    const forge = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
    try {
      const env = { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };
      await world.regen(['plan', 'autumn'], env);
      const killed = world.regen([], env);
      await until(() =>
        forge.writes().some((write) => write.includes('/labels') && write.includes('/issues/')),
      );
      await world.killStep();
      await killed;
      const requests = world.model.requests.length;

      const next = await world.regen(['--json'], env);

      expect(next).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', attempt: 1 } });
      expect(world.model.requests).toHaveLength(requests);
      expect(await forge.pullRequests()).toMatchObject([{ number: 1, labels: ['one', 'two'] }]);
      expect(forge.writes().filter((write) => write === 'POST /issues/1/labels')).toHaveLength(2);
    } finally {
      await forge.stop();
    }
  });
});

async function killWithAgent(step: ChildProcess): Promise<void> {
  const agents = descendants(step.pid ?? 0);
  await endBy(step, 'SIGKILL');
  for (const pid of agents) process.kill(pid, 'SIGKILL');
}

/** Claude Code writes its transcript a while after it has asked; what isn't in there yet is lost with it. */
async function untilNoted(world: World, hold: Holding): Promise<void> {
  const request = hold.asked.at(-1);
  const [lastLine = ''] = (request?.prompts.at(-1) ?? '').split('\n');
  const projects = path.join(world.home, '.claude', 'projects');
  await until(async () => {
    const names = await readdir(projects, { recursive: true }).catch(() => []);
    const name = names.find((one) => one.endsWith(`${request?.sessionId ?? '-'}.jsonl`));
    const text = name === undefined ? '' : await readFile(path.join(projects, name), 'utf8');
    const results = text.split('"type":"tool_result"').length - 1;
    return (
      results >= (request?.toolResults.length ?? 0) && text.includes(JSON.stringify(lastLine).slice(1, -1))
    );
  });
}

type Billed = TokenCounts & { readonly id: string };

function billed(world: World): readonly Billed[] {
  return sorted(world.model.bill.map(({ id, tokens }) => ({ id, ...tokens })));
}

/** Without what was asked at a kill and not answered yet: it is booked as an estimate, and this server doesn't charge it. */
async function booked(world: World): Promise<readonly Billed[]> {
  const rows = (await ledger(world)).filter(({ message }) => !message.endsWith(':unanswered'));
  return sorted(
    rows.map(({ message: id, input, output, cacheRead, cacheWrite5m, cacheWrite1h }) => ({
      ...{ id, input, output, cacheRead, cacheWrite5m, cacheWrite1h },
    })),
  );
}

function withoutOutput(rows: readonly Billed[]): readonly Billed[] {
  return rows.map((row) => ({ ...row, output: 0 }));
}

function sorted(rows: readonly Billed[]): readonly Billed[] {
  return rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

async function ledger(world: World): Promise<readonly MessageRow[]> {
  return (await ledgerRows(world)).filter((row) => row.kind === 'message');
}

async function runRows(world: World): Promise<readonly RunRow[]> {
  return (await ledgerRows(world)).filter((row) => row.kind === 'run');
}

async function ledgerRows(world: World): Promise<readonly LedgerRow[]> {
  const lines = ((await world.read('.regen/ledger.jsonl')) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LedgerRow);
}

/** What Claude Code has said so far, whole. */
function streamOf(world: World): Promise<string> {
  return filesBelow(path.join(world.root, '.regen', 'runs'), 'stream.jsonl');
}

async function filesBelow(folder: string, end: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((name) => name.endsWith(end));
  return (await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')))).join('');
}

function tipOf(world: World): Promise<string> {
  return runGit(world.repository.remote, ['rev-parse', 'regen/autumn/bold']);
}
