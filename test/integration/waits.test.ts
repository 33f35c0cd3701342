import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failWith, usageLimit } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { closedPort } from '../support/closed-port.js';
import { startForge } from '../support/forge.js';
import { days, minutes, shiftedClock } from '../support/later.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { CommandRun, World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

interface WaitDocument {
  readonly outcome: string;
  readonly reason: string;
  readonly retryAt: string | null;
}

function waitOf(run: CommandRun): WaitDocument {
  expect(run).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
  return run.document as WaitDocument; // asserted
}

/** A model that answers with this until it is told otherwise. */
function moody(first: ScriptedReply) {
  const author = poet();
  let trouble: ScriptedReply | null = first;
  return {
    script: (request: ScriptedRequest) => trouble ?? author(request),
    recover: () => {
      trouble = null;
    },
  };
}

const minutesUntil = (instant: string | null): number =>
  Math.round((Date.parse(instant ?? '') - Date.now()) / minutes);

describe('a usage limit', () => {
  const resetsAt = new Date((Math.floor(Date.now() / 1000) + 3600) * 1000);
  const model = moody(usageLimit(resetsAt));
  let world: World;

  beforeAll(async () => {
    const env = { ANTHROPIC_API_KEY: undefined, CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' };
    world = await makeWorld({ files: poemFiles, config: poemConfig(), script: model.script, env });
    await world.regen(['plan', 'autumn']);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it('is met once: later steps say the same at once, and neither ask the model nor the remote', async () => {
    const first = waitOf(await world.regen(['--json']));
    const asked = world.model.requests.length;
    await world.repository.git('remote', 'set-url', 'origin', '/nowhere');
    const second = waitOf(await world.regen(['--json']));
    await world.repository.git('remote', 'set-url', 'origin', world.repository.remote);

    expect(first.retryAt).toBe(resetsAt.toISOString());
    expect(second).toMatchObject({ reason: first.reason, retryAt: first.retryAt });
    expect(world.model.requests).toHaveLength(asked);
  });

  it('is told by the status', async () => {
    const text = await world.regen(['status']);
    const json = await world.regen(['status', '--json']);

    expect(text.stdout).toMatch(
      /\nWaiting since \S+ until \S+: You've hit your .*\("regen --no-wait-state" tries at once\)\n/,
    );
    expect(json.document).toMatchObject({
      waiting: { kind: 'usage_limit', retryAt: resetsAt.toISOString() },
    });
  });

  it('is tried again when a person says so', async () => {
    const asked = world.model.requests.length;

    waitOf(await world.regen(['--json', '--no-wait-state']));

    expect(world.model.requests.length).toBeGreaterThan(asked);
  });

  it('doesn’t hold back what needs no model: a plan that is done is archived', async () => {
    const plan = (await world.read('.regen-plan.md')) ?? '';
    await world.write({ '.regen-plan.md': plan.replaceAll('[ ]', '[-]') });
    const archived = await world.regen(['--json']);
    const planned = await world.regen(['--json', 'autumn']);
    const status = await world.regen(['status', '--json']);

    expect(archived.document).toMatchObject({ outcome: 'archived' });
    expect(planned.document).toMatchObject({ outcome: 'planned' });
    expect(status.document).toMatchObject({ waiting: { kind: 'usage_limit' } });
  });

  it('is over at its time: the next step goes on with the item and clears the wait', async () => {
    model.recover();

    const step = await world.regen(['--json'], await shiftedClock(world.home, 61 * minutes));

    expect(step).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped', attempt: 1 } });
    expect(await world.read('.regen/wait.json')).toBeNull();
  });
});

describe('a refusal that names no time', () => {
  it('is waited for longer and longer', async () => {
    // More than a minute: Claude Code gives up at once.
    const model = moody(failWith(529, 'Overloaded', { 'retry-after': '120' }));
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: model.script });
    await world.regen(['plan', 'autumn']);

    const first = waitOf(await world.regen(['--json']));
    const asked = world.model.requests.length;
    const second = waitOf(await world.regen(['--json']));
    const between = world.model.requests.length;
    const third = waitOf(await world.regen(['--json'], await shiftedClock(world.home, 1.1 * minutes)));
    model.recover();
    const last = await world.regen(['--json'], await shiftedClock(world.home, 4 * minutes));

    expect(minutesUntil(first.retryAt)).toBe(1);
    expect([second.retryAt, between]).toEqual([first.retryAt, asked]);
    expect(minutesUntil(third.retryAt)).toBe(3);
    expect(last).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
  });

  it('isn’t waited for when the clock went back', async () => {
    const model = moody(failWith(429, 'Slow down', { 'retry-after': '120' }));
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: model.script });
    await world.regen(['plan', 'autumn']);
    waitOf(await world.regen(['--json'], await shiftedClock(world.home, 400 * days)));
    model.recover();

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
  });
});

describe('a remote that can’t be reached', () => {
  it('holds back planning and items, and is asked again after a while', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    const { remote } = world.repository;
    const down = `http://127.0.0.1:${await closedPort()}/o/r.git`;
    await world.repository.git('remote', 'set-url', 'origin', down);

    const first = waitOf(await world.regen(['--json']));
    await world.repository.git('remote', 'set-url', 'origin', remote);
    const second = waitOf(await world.regen(['--json']));
    const mistyped = await world.regen(['--json', 'statsu']);
    const third = await world.regen(['--json'], await shiftedClock(world.home, 2 * minutes));

    expect(first.reason).toMatch(/^fetching origin\/main failed: /);
    expect(second).toMatchObject({ reason: first.reason, retryAt: first.retryAt });
    expect(mistyped).toMatchObject({ exitCode: 2, document: { error: { code: 'usage' } } });
    expect(third).toMatchObject({ exitCode: 0, document: { outcome: 'planned' } });
    expect(await world.read('.regen/wait.json')).toBeNull();
  });

  it('lets a mistyped command be told before anything is fetched, and a target of such a name pass', async () => {
    const files = { ...poemFiles, 'poems/statsu/voices/bold.txt': 'old\n', 'poems/statsu/about.md': '# S\n' };
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await using other = await makeWorld({ files, config: poemConfig(), script: poet() });
    const down = `http://127.0.0.1:${await closedPort()}/o/r.git`;
    for (const one of [world, other]) await one.repository.git('remote', 'set-url', 'origin', down);

    const mistyped = await world.regen(['statsu', '--json']);
    const target = await other.regen(['statsu', '--json']);
    await world.repository.git('update-ref', '-d', 'refs/remotes/origin/main');
    const unknown = await world.regen(['statsu', '--json']);
    await world.write({ 'regen.yaml': 'version: 7\n' });
    const broken = await world.regen(['statsu', '--json']);

    const hints = [mistyped, unknown, broken].map(({ exitCode, document }) => {
      const { error } = document as { error: { hint: string } };
      return [exitCode, error.hint.split('?')[0]];
    });
    expect(hints).toEqual(Array(3).fill([2, 'Did you mean "status"']));
    expect(target).toMatchObject({ exitCode: 75, document: { outcome: 'waiting' } });
  });
});

describe('a forge’s rate limit', () => {
  it('is waited for until its reset', async () => {
    const config = poemConfig({ ship: '  repository: o/r' });
    await using world = await makeWorld({ files: poemFiles, config, script: poet() });
    const forge = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
    try {
      const env = { GITHUB_TOKEN: forge.token, GITHUB_API_URL: forge.apiUrl };
      await world.regen(['plan', 'autumn'], env);
      const reset = new Date(Date.now() + 30 * minutes);
      forge.failNext({ method: 'GET', path: /^\/repos\/o\/r$/ }, { kind: 'primary-limit', reset });

      const first = waitOf(await world.regen(['--json'], env));
      const asked = forge.requests.length;
      const second = waitOf(await world.regen(['--json'], env));
      const later = { ...env, ...(await shiftedClock(world.home, 31 * minutes)) };
      const third = await world.regen(['--json'], later);

      expect(minutesUntil(first.retryAt)).toBe(30);
      expect(second.retryAt).toBe(first.retryAt);
      expect(third).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
      expect(forge.requests.length).toBeGreaterThan(asked);
      expect(world.model.requests.length).toBeGreaterThan(0);
    } finally {
      await forge.stop();
    }
  });
});

describe('a budget', () => {
  const withBudget = (budget: string) => poemConfig({ more: `budget: { ${budget} }\n` });

  it.each([
    { name: 'of the day', budget: 'dayUsd: 0.000001', retryAt: /T00:00:00\.000Z$/ },
    { name: 'of the target', budget: 'targetUsd: 0.000001', retryAt: /^null$/ },
  ])('$name is waited for until regen.yaml raises it', async ({ budget, retryAt }) => {
    const config = withBudget(budget);
    await using world = await makeWorld({ files: poemFiles, config, script: poet() });
    await world.regen(['plan', 'autumn']);
    await world.regen([]);

    const first = waitOf(await world.regen(['--json']));
    const asked = world.model.requests.length;
    const second = waitOf(await world.regen(['--json']));
    const status = await world.regen(['status', '--json']);
    await world.write({ 'regen.yaml': poemConfig() });
    const third = await world.regen(['--json']);

    expect(String(first.retryAt)).toMatch(retryAt);
    expect(second).toMatchObject({ reason: first.reason, retryAt: first.retryAt });
    expect(status.document).toMatchObject({ waiting: { reason: first.reason } });
    expect(third).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    expect(world.model.requests.length).toBeGreaterThan(asked);
    expect(await world.read('.regen/wait.json')).toBeNull();
  });
});

describe('a file of waits that nobody can read', () => {
  it('is ignored with a warning, and gone after the step', async () => {
    await using world = await makeWorld({ files: poemFiles, config: poemConfig(), script: poet() });
    await world.write({ '.regen/wait.json': '{"kind":"network"' });

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'planned' } });
    expect(step.stderr).toContain('.regen/wait.json is none of ours: ignored');
    expect(await world.read('.regen/wait.json')).toBeNull();
  });
});
