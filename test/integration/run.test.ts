import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planKey } from '../../src/model/plan.js';
import { acquireLock } from '../../src/system/lock.js';
import { isRunning } from '../../src/system/process-identity.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { gate } from '../support/gate.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { cliPath, makeWorld } from '../support/world.js';

const none = {
  ...{ planned: 0, shipped: 0, unchanged: 0, failed: 0, skipped: 0 },
  ...{ waiting: 0, archived: 0, nothing: 0 },
};

describe('regen run', () => {
  it('does a target from nothing to its archive, and goes on past an item that fails', async () => {
    await using world = await makeWorld({
      files: poemFiles,
      config: poemConfig(),
      script: poet({ calm: ['stale\n', 'more stale\n'] }),
    });

    const run = await world.regen(['run', '--json']);

    expect(run).toMatchObject({
      exitCode: 1,
      document: {
        steps: 5,
        counts: { ...none, planned: 1, shipped: 2, failed: 1, archived: 1 },
        stopped: 'done',
        reason: null,
        retryAt: null,
      },
    });
    expect(Object.keys(run.document as object)).toEqual([
      ...['steps', 'counts', 'usage', 'stopped', 'reason', 'retryAt'],
    ]);
    expect((run.document as { usage: { input: number } }).usage.input).toBe(billedInput(world));
    expect(await world.read('.regen-plan.md')).toBeNull();
    expect(await readdir(path.join(world.root, '.regen-history'))).toHaveLength(1);
    await expectNothingLeft(world);
  });

  it('goes on with the next targets when asked, until there is none', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });

    const run = await world.regen(['run', '--targets', '2', '--json']);
    const more = await world.regen(['run', '--targets', '2', '--json']);

    expect(run).toMatchObject({
      exitCode: 0,
      document: { counts: { ...none, planned: 2, shipped: 4, archived: 2 }, stopped: 'targets' },
    });
    expect(more).toMatchObject({
      exitCode: 0,
      document: { steps: 1, counts: { ...none, nothing: 1 }, stopped: 'done' },
    });
    expect((more.document as { reason: string }).reason).toContain('every target is passed over');
  });

  it('prints a line for each step with --jsonl, its own document last', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });

    const run = await world.regen(['run', '--max-steps', '2', '--jsonl']);

    const lines = run.stdout.split('\n').map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { mode: 'plan', target: 'autumn', outcome: 'planned', remaining: 3 },
      { mode: 'execute', item: 'bold', outcome: 'shipped', checks: [{ name: 'new', ok: true }] },
      { steps: 2, stopped: 'max-steps' },
    ]);
  });

  it('tells a person how it goes and how it ended', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });

    const run = await world.regen(['run', '--max-steps', '2']);

    expect(run.exitCode).toBe(0);
    expect(run.stderr.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^autumn planned/) as string,
        'bold: agent',
        expect.stringMatching(/^autumn\/bold shipped \(.* tokens, \$/) as string,
      ]),
    );
    expect(run.stdout).toMatch(
      /^2 steps: 1 shipped; .* tokens, \$[\d.]+\.\n(?: {2}.*\n)+Stopped at --max-steps\. Run regen run again to go on\.$/,
    );
  });

  it('names the archive of what failed, and the command that plans it again', async () => {
    await using world = await makeWorld({
      files: poemFiles,
      config: poemConfig(),
      script: poet({ calm: ['stale\n', 'more stale\n'] }),
    });

    const run = await world.regen(['run']);
    const [archive = ''] = await readdir(path.join(world.root, '.regen-history'));
    const again = await world.regen(['plan', 'autumn']);

    expect(run.exitCode).toBe(1);
    expect(run.stdout).not.toContain('retry');
    expect(run.stdout).toContain(
      `in its plan, which was moved to .regen-history/${archive}; "regen plan autumn" makes the next one`,
    );
    expect(await world.read(`.regen-history/${archive}`)).toContain('- [!] calm\n');
    expect(again.exitCode).toBe(0);
    expect(await world.read('.regen-plan.md')).toContain('- [ ] calm\n');
  });

  it('stops with the code of what stopped a step', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);
    await world.write({ '.regen-plan.md': '# Regen plan: autumn\n\n## Items\n\n- [?] bold\n' });
    const plan = await world.regen(['run', '--json']);
    await world.write({ '.regen-plan.md': null, 'regen.yaml': 'version: 1\n' });
    const config = await world.regen(['run', '--json']);

    expect(plan).toMatchObject({
      exitCode: 2,
      document: { steps: 0, counts: none, stopped: 'plan', error: { code: 'plan' }, exit: 2 },
    });
    expect(config).toMatchObject({ exitCode: 2, document: { steps: 0, stopped: 'config', exit: 2 } });
  });
});

describe('a value that a flag of run doesn’t take', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ config: poemConfig() });
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it.each([
    [['--jobs', '0'], '--jobs takes a whole number from 1 on, not "0"'],
    [['--jobs', '2.5'], '--jobs takes a whole number from 1 on, not "2.5"'],
    [['--targets', '-1'], '--targets takes a whole number from 1 on, not "-1"'],
    [['--max-steps', 'many'], '--max-steps takes a whole number from 1 on, not "many"'],
    [['--max-usd', 'x'], '--max-usd takes a number above 0, not "x"'],
    [['--max-usd', '0'], '--max-usd takes a number above 0, not "0"'],
    [['--max-minutes', '1h'], '--max-minutes takes a number above 0, not "1h"'],
    [['--jsonl'], '--json is one document, --jsonl a stream of them'],
  ])('is refused, and nothing is started: %j', async (flags, message) => {
    const run = await world.regen(['run', ...flags, '--json']);

    expect(run).toMatchObject({ exitCode: 2, document: { error: { code: 'usage', message }, exit: 2 } });
    expect(await world.read('.regen-plan.md')).toBeNull();
  });
});

describe('a limit of a run', () => {
  it('in money ends it with 0 once it is reached', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });

    const run = await world.regen(['run', '--max-usd', '0.000001', '--jobs', '3', '--json']);

    expect(run).toMatchObject({
      exitCode: 0,
      document: { counts: { ...none, planned: 1, shipped: 1 }, stopped: 'max-usd' },
    });
  });

  it('in minutes lets the step at work come to its end', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);

    const run = await world.regen(['run', '--max-minutes', '0.001', '--json']);

    expect(run).toMatchObject({
      exitCode: 0,
      document: { counts: { ...none, shipped: 1 }, stopped: 'max-minutes' },
    });
  });

  it('in steps holds with several at once', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);

    const run = await world.regen(['run', '--max-steps', '2', '--jobs', '3', '--json']);

    expect(run).toMatchObject({
      exitCode: 0,
      document: { steps: 2, counts: { ...none, shipped: 2 }, stopped: 'max-steps' },
    });
  });
});

describe('several steps at once', () => {
  it('ship every item once, each from a worktree of its own', async () => {
    const meeting = gate(3);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: meeting.script });
    await world.regen(['plan', 'autumn']);

    const running = world.regen(['run', '--jobs', '3', '--json']);
    await Promise.race([meeting.reached, running]);
    const status = await world.regen(['status', '--json']);
    const retry = await world.regen(['skip', 'bold']);
    const back = await world.regen(['retry', 'bold']);
    meeting.letGo();
    const run = await running;

    const { running: atWork } = status.document as { running: { item: string; pid: number }[] };
    expect(atWork.map(({ item }) => item).sort()).toEqual(['bold', 'calm', 'wry']);
    expect(new Set(atWork.map(({ pid }) => pid)).size).toBe(3);
    expect([retry.exitCode, back.exitCode]).toEqual([0, 0]);
    expect(run).toMatchObject({
      exitCode: 0,
      document: { counts: { ...none, shipped: 3, archived: 1 }, stopped: 'done' },
    });
    expect(await branches(world)).toEqual([
      ...['main', 'regen/autumn/bold', 'regen/autumn/calm', 'regen/autumn/wry'],
    ]);
    const [archive = ''] = await readdir(path.join(world.root, '.regen-history'));
    const plan = (await world.read(path.join('.regen-history', archive))) ?? '';
    expect(plan).toContain('- [x] bold\n- [x] calm\n- [x] wry\n');
    expect(plan.match(/^- (bold|calm|wry): branch /gm)?.sort()).toEqual([
      ...['- bold: branch ', '- calm: branch ', '- wry: branch '],
    ]);
    expect((run.document as { usage: { input: number } }).usage.input).toBe(billedInput(world));
    await expectNothingLeft(world);
  });
});

describe('a run that has to wait', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  const held = () =>
    acquireLock(path.join(world.root, '.regen', 'lock'), {
      now: () => new Date('2026-05-02T14:00:00Z'),
      command: 'regen, by somebody',
    });

  it('ends with 75 and names the holder', async () => {
    const lock = await held();
    const run = await world.regen(['run', '--json']);
    if (lock.kind === 'held') await lock.release();

    const reason = `a step is running already: pid ${process.pid} ("regen, by somebody") since 2026-05-02T14:00:00.000Z`;
    expect(run).toMatchObject({
      exitCode: 75,
      document: { steps: 0, counts: { ...none, waiting: 1 }, stopped: 'wait', reason, retryAt: null },
    });
  });

  it('sleeps through it when asked, no longer than its minutes', async () => {
    const lock = await held();
    const run = await world.regen(['run', '--wait', '--max-minutes', '0.005', '--json']);
    if (lock.kind === 'held') await lock.release();

    expect(run).toMatchObject({ exitCode: 0, document: { steps: 0, stopped: 'max-minutes' } });
  });

  it('goes on when the holder lets go', async () => {
    const lock = await held();
    const child = spawn(process.execPath, [cliPath, 'run', '--wait', '--max-steps', '1', '--json'], {
      cwd: world.root,
      env: world.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'close');
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const [asleep] = (await once(child.stderr, 'data')) as [Buffer]; // the first thing it says
    if (lock.kind === 'held') await lock.release();
    await exited;

    expect(asleep.toString()).toMatch(/^asleep until .*: a step is running already: pid/);
    expect(child.exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 1, counts: { shipped: 1 }, stopped: 'max-steps' });
  });
});

describe('a run that is ended', () => {
  it('by a signal hands it on to its steps, waits for them, and exits with 130', async () => {
    const hold = gate(2);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);

    const child = world.start(['run', '--jobs', '2']);
    const exited = once(child, 'exit');
    await hold.reached;
    const steps = await stepPids(world);
    child.kill('SIGTERM');
    await exited;
    const left = await Promise.all(steps.map(isAlive));
    hold.letGo();
    const next = await world.regen(['run', '--json']);

    expect(child.exitCode).toBe(130);
    expect(left).toEqual([false, false]);
    expect(next).toMatchObject({ exitCode: 0, document: { counts: { shipped: 3, archived: 1 } } });
    expect(await branches(world)).toHaveLength(4);
    await expectNothingLeft(world);
  });

  it('by two ends at once, and so do its steps', async () => {
    const hold = gate(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);

    const child = world.start(['run']);
    const exited = once(child, 'exit');
    await hold.reached;
    const [step = 0] = await stepPids(world);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    await exited;
    await expect.poll(() => isAlive(step)).toBe(false);
    hold.letGo();
    const next = await world.regen(['run', '--json']);

    expect(child.exitCode).not.toBe(0);
    expect(next).toMatchObject({ exitCode: 0, document: { counts: { shipped: 3, archived: 1 } } });
    await expectNothingLeft(world);
  });

  it('loses nothing when one of its steps is killed', async () => {
    const hold = gate(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);

    const running = world.regen(['run', '--json']);
    await hold.reached;
    const [step = 0] = await stepPids(world);
    process.kill(step, 'SIGKILL');
    hold.letGo();
    const run = await running;

    expect(run).toMatchObject({ exitCode: 0, document: { counts: { ...none, shipped: 3, archived: 1 } } });
    expect(run.stderr).toContain('a step was ended by SIGKILL; the next one goes on from there');
    expect(await branches(world)).toHaveLength(4);
    await expectNothingLeft(world);
  });

  it('by SIGKILL leaves its steps to come to their end, and the next one does none of their items', async () => {
    const hold = gate(1);
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: hold.script });
    await world.regen(['plan', 'autumn']);

    const child = world.start(['run']);
    const exited = once(child, 'exit');
    await hold.reached;
    const [orphan = 0] = await stepPids(world);
    child.kill('SIGKILL');
    await exited;
    const next = await world.regen(['--json']);
    const abandon = await world.regen(['abandon', '--json']);
    hold.letGo();
    await expect.poll(() => isAlive(orphan), { timeout: 30_000 }).toBe(false);

    expect(next).toMatchObject({ exitCode: 0, document: { item: 'calm', outcome: 'shipped' } });
    expect(abandon).toMatchObject({ exitCode: 75 });
    expect(await world.read('.regen-plan.md')).toContain('- [x] bold\n- [x] calm\n- [ ] wry\n');
  });
});

describe('the token that lets a step pass its run’s lock', () => {
  it('reaches neither the agent nor the checks, not even when the config names it', async () => {
    const more = '  env: [REGEN_RUN_TOKEN]\n';
    const config = poemConfig()
      .replace('  env: [', '  allow: ["Bash(env)"]\n  env: [REGEN_RUN_TOKEN, ')
      .replace('  repairs: 1\n', `  repairs: 1\n${more}`)
      .replace("{ name: new, run: '", '{ name: new, run: \'env > "$REGEN_ARTIFACTS/../env-of-check"; ');
    const author = poet();
    const seen: string[] = [];
    const script = (request: ScriptedRequest): ScriptedReply => {
      seen.push(JSON.stringify(request));
      return author(request);
    };
    await using world = await makeWorld({ files: poemFiles, config, script });
    await world.regen(['plan', 'autumn']);

    const run = await world.regen(['run', '--max-steps', '1', '--json']);

    expect(run).toMatchObject({ exitCode: 0, document: { counts: { shipped: 1 } } });
    const files = await readdir(path.join(world.root, '.regen', 'runs'), { recursive: true });
    const dump = files.find((file) => file.endsWith('env-of-check')) ?? '';
    const environment = await readFile(path.join(world.root, '.regen', 'runs', dump), 'utf8');
    expect(environment).toContain('REGEN_ITEM=bold');
    expect(environment).not.toContain('REGEN_RUN_TOKEN');
  });

  it('is worth nothing to who has another one', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen(['plan', 'autumn']);
    const file = path.join(world.root, '.regen', 'lock');
    const lock = await acquireLock(file, { now: () => new Date(), command: 'regen run' });
    const token = lock.kind === 'held' ? lock.holder.token : '';

    const stranger = await world.regen(['--json'], { REGEN_RUN_TOKEN: 'guessed' });
    const child = await world.regen(['--json'], { REGEN_RUN_TOKEN: token });
    if (lock.kind === 'held') await lock.release();
    const late = await world.regen(['--json'], { REGEN_RUN_TOKEN: token });

    expect([stranger.exitCode, child.exitCode, late.exitCode]).toEqual([75, 0, 0]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});

it('a step begun beside others archives nothing and plans nothing, whatever it finds', async () => {
  await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
  await world.regen(['plan', 'autumn']);
  for (const item of ['bold', 'calm', 'wry']) await world.regen(['skip', item]);
  const file = path.join(world.root, '.regen', 'lock');
  const lock = await acquireLock(file, { now: () => new Date(), command: 'regen run' });
  const token = lock.kind === 'held' ? lock.holder.token : '';
  const plan = ((await world.read('.regen-plan.md')) ?? '').match(/Plan created: `([^`]+)`/)?.[1] ?? '';
  const beside = {
    REGEN_RUN_TOKEN: token,
    REGEN_RUN_PLAN: planKey({ created: plan }),
    REGEN_RUN_BESIDE: '1',
  };

  const finished = await world.regen(['--json'], beside);
  const alone = await world.regen(['--json'], { REGEN_RUN_TOKEN: token });
  const gone = await world.regen(['--json'], beside);
  if (lock.kind === 'held') await lock.release();

  expect(finished).toMatchObject({ exitCode: 75, document: { mode: 'done', outcome: 'waiting' } });
  expect(alone).toMatchObject({ exitCode: 0, document: { outcome: 'archived' } });
  expect(gone).toMatchObject({ exitCode: 75, document: { mode: 'plan', outcome: 'waiting' } });
  expect(await world.read('.regen-plan.md')).toBeNull();
});

/** The processes of the steps at work. */
async function stepPids(world: World): Promise<readonly number[]> {
  const status = await world.regen(['status', '--json']);
  const { running } = status.document as { running: { pid: number }[] };
  return running.map(({ pid }) => pid);
}

function isAlive(pid: number): Promise<boolean> {
  return isRunning({ bootId: null, pid, startTime: null });
}

async function branches(world: World): Promise<string[]> {
  const refs = await world.repository.git('ls-remote', '--heads', 'origin');
  return refs.split('\n').map((line) => line.replace(/^.*refs\/heads\//, ''));
}

/** No worktree, no lock, no lease, no open attempt. */
async function expectNothingLeft(world: World): Promise<void> {
  expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  expect(await readdir(path.join(world.root, '.regen'))).not.toContain('lock');
  for (const folder of ['leases', 'open']) {
    expect(await readdir(path.join(world.root, '.regen', folder))).toEqual([]);
  }
}

function billedInput(world: World): number {
  return world.model.bill.reduce((sum, { tokens }) => sum + tokens.input, 0);
}
