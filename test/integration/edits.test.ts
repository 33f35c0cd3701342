import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { CommandRun, World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

describe('a person’s edit while a step runs', () => {
  it('wins when it marks the item: nothing is shipped, the mark stays, the log says why', async () => {
    await using scene = await duringAStep(async (one) => {
      await one.write({ '.regen-plan.md': (await planOf(one)).replace('[ ] bold', '[x] bold (by hand)') });
    });
    const { world, run } = scene;

    expect(run).toMatchObject({ exitCode: 0, document: { outcome: 'skipped', item: 'bold', pr: null } });
    expect(await planOf(world)).toMatch(
      /- \[x\] bold \(by hand\)\n- \[ \] calm[\s\S]*- bold: stopped: the item was marked done by hand while the step ran/,
    );
    expect(await remoteBranches(world)).toEqual(['main']);
  });

  it('wins when it takes the line out', async () => {
    await using scene = await duringAStep(async (one) => {
      await one.write({ '.regen-plan.md': (await planOf(one)).replace('- [ ] bold\n', '') });
    });
    const { world, run } = scene;

    expect(run).toMatchObject({ exitCode: 0, document: { outcome: 'skipped' } });
    expect(await planOf(world)).not.toContain('] bold');
    expect(await remoteBranches(world)).toEqual(['main']);
  });

  it('wins when it removes the plan: it is never made again', async () => {
    await using scene = await duringAStep((one) => rm(path.join(one.root, '.regen-plan.md')));
    const { world, run } = scene;

    expect(run).toMatchObject({ exitCode: 0, document: { outcome: 'skipped', remaining: null } });
    expect(await world.read('.regen-plan.md')).toBeNull();
    expect(await remoteBranches(world)).toEqual(['main']);
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });

  it('stays byte for byte where the step need not write', async () => {
    await using scene = await duringAStep(async (one) => {
      const plan = (await planOf(one)).replace(
        '- [ ] calm',
        '-   [ ]  calm  later\n  - nested note\n<!-- - [ ] x -->',
      );
      await one.write({ '.regen-plan.md': `${plan}\n## Mine\n\nÜber alles\n` });
    });
    const { world, run } = scene;
    const plan = await planOf(world);

    expect(run).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', item: 'bold' } });
    expect(plan).toContain(
      '- [x] bold\n-   [ ]  calm  later\n  - nested note\n<!-- - [ ] x -->\n- [ ] wry\n',
    );
    expect(plan.endsWith('\n## Mine\n\nÜber alles\n')).toBe(true);
  });

  it('may come from retry and skip, which do not wait for the step', async () => {
    await using scene = await duringAStep(async (one) => {
      await one.regen(['skip', 'calm', 'not this time']);
      await one.regen(['skip', 'wry']);
      await one.regen(['retry', 'wry']);
    });
    const { world, run } = scene;

    expect(run).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', remaining: 1 } });
    expect(await planOf(world)).toMatch(
      /- \[x\] bold\n- \[-\] calm\n- \[ \] wry\n[\s\S]*- calm: skipped: not this time \(/,
    );
  });

  it('finds the step in the status, and a second step waits', async () => {
    let status: CommandRun | undefined;
    let second: CommandRun | undefined;
    const scene = await duringAStep(async (one) => {
      status = await one.regen(['status', '--json']);
      second = await one.regen(['--json']);
    });
    await scene[Symbol.asyncDispose]();

    expect(status?.document).toMatchObject({
      target: 'autumn',
      counts: { todo: 3, done: 0, failed: 0, skipped: 0, waiting: 0 },
      running: [{ item: 'bold', stage: 'agent' }],
    });
    expect(second).toMatchObject({
      exitCode: 75,
      document: { outcome: 'waiting', mode: 'execute', target: 'autumn' },
    });
    expect(second?.stdout).toMatch(/pid \d+/);
  });
});

describe('what a person asks of a plan', () => {
  it('retry sets failed items back, and they are done afresh', async () => {
    await using world = await makeWorld({
      files: poemFiles,
      config: poemConfig(),
      script: poet({ bold: ['stale\n', 'more stale\n'] }),
    });
    await world.regen(['plan', 'autumn']);

    const first = await world.regen(['--json']);
    const retried = await world.regen(['retry', '--failed', '--json']);
    const second = await world.regen(['--json']);

    expect(first).toMatchObject({ exitCode: 1, document: { outcome: 'failed', attempt: 1 } });
    expect(retried).toMatchObject({ exitCode: 0, document: { target: 'autumn', changed: ['bold'] } });
    expect(second).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed', attempt: 2 } });
  });

  it('abandon archives the plan, and its target is the next again', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen([]);

    const abandoned = await world.regen(['abandon']);
    const next = await world.regen(['--json']);

    expect(abandoned.exitCode).toBe(0);
    expect(abandoned.stdout).toMatch(
      /Abandoned autumn; the plan is in \.regen-history\/autumn-\d{8}-\d{6}\.abandoned\.md/,
    );
    expect(next.document).toMatchObject({ outcome: 'planned', target: 'autumn' });
  });

  it('rm abandons too, and a target that shipped just now rests', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.regen([]);
    await world.regen([]);
    await rm(path.join(world.root, '.regen-plan.md'));

    const next = await world.regen(['plan', '--json']);

    expect(next.document).toMatchObject({
      target: 'winter',
      passedOver: [{ target: 'autumn', reason: expect.stringContaining('had an item shipped') as string }],
    });
  });

  it('goes on with a plan that the original tool wrote', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const plan =
      '# Regen plan: autumn\n\n- Spec: `autumn`\n- Title: `A Poem`\n- Latest implementation update: `2025-03-01`\n' +
      '- Plan created: `2026-05-02T13:50:00Z`\n\n## Libraries\n\n- [x] bold\n- [!] calm\n- [ ] wry\n\n## Log\n\n' +
      '- bold: PR https://forge.test/o/r/pull/1, score 90, label ai-approved, verdict APPROVED (2026-05-02T14:00:00Z)\n';
    await world.write({ '.regen-plan.md': plan });

    const step = await world.regen(['--json']);
    const status = await world.regen(['status', '--json']);
    const done = await world.regen(['--json']);

    expect(step.document).toMatchObject({ item: 'wry', outcome: 'shipped', remaining: 0 });
    expect(status.document).toMatchObject({
      items: [
        { id: 'bold', state: 'done', pr: { number: 1 }, score: 90 },
        { id: 'calm', state: 'failed' },
        { id: 'wry', state: 'done' },
      ],
    });
    expect(done).toMatchObject({ exitCode: 0, document: { mode: 'done', outcome: 'archived' } });
    expect(await world.read('.regen-plan.md')).toBeNull();
  });
});

interface Scene extends AsyncDisposable {
  readonly world: World;
  readonly run: CommandRun;
}

/** Plans autumn, starts a step, lets somebody edit while the model is being asked, and waits for the step. */
async function duringAStep(edit: (world: World) => Promise<unknown>): Promise<Scene> {
  const author = poet();
  const asked = deferred();
  const edited = deferred();
  const world = await makeWorld({
    files: poemFiles,
    config: poemConfig(),
    script: async (request) => {
      asked.resolve();
      await edited.promise;
      return author(request);
    },
  });
  await world.regen(['plan', 'autumn']);
  const step = world.regen(['--json']);
  await asked.promise;
  await edit(world);
  edited.resolve();
  const run = await step;
  return { world, run, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

function deferred() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

async function planOf(world: World): Promise<string> {
  return (await world.read('.regen-plan.md')) ?? '';
}

async function remoteBranches(world: World): Promise<string[]> {
  const refs = await world.repository.git('ls-remote', '--heads', 'origin');
  return refs.split('\n').map((line) => line.replace(/^.*refs\/heads\//, ''));
}
