import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuse, say } from '../../src/demo/model/reply.js';
import type { Script } from '../../src/demo/model/conversation.js';
import type { TestForge } from '../support/forge.js';
import { startForge } from '../support/forge.js';
import { runGit } from '../support/git-repo.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

const branch = 'regen/autumn/bold';

describe('a push that is refused', () => {
  it('fails the item and keeps its commit: a retry pushes it and asks no model', async () => {
    await using world = await planned(poemConfig());
    const open = await refusePushes(world);

    const failed = await world.regen(['--json']);
    const kept = await keptRefs(world);
    const asked = world.model.requests.length;
    await world.regen(['retry', 'bold']);
    const again = await world.regen(['--json']);
    await open();
    await world.regen(['retry', 'bold']);
    const shipped = await world.regen(['--json']);

    expect(failed).toMatchObject({
      exitCode: 1,
      document: {
        outcome: 'failed',
        attempt: 1,
        evidence: {
          log: expect.stringMatching(/^\.regen\/runs\/.*\/bold\/1\/journal\.jsonl$/) as string,
          next: 'regen retry bold (it goes on from the kept commit)',
        },
      },
    });
    expect(kept).toHaveLength(1);
    expect(again).toMatchObject({ exitCode: 1, document: { outcome: 'failed', attempt: 2 } });
    expect(shipped).toMatchObject({
      exitCode: 0,
      document: {
        outcome: 'shipped',
        attempt: 3,
        usage: { requests: 0 },
        checks: [{ name: 'new', ok: true }],
      },
    });
    expect(world.model.requests).toHaveLength(asked);
    expect(await onRemote(world, 'bold')).toBe('new bold autumn');
    expect(await keptRefs(world)).toEqual([]);
    expect(await world.repository.git('worktree', 'list')).not.toContain('.worktrees');
  });

  it.each([
    {
      name: 'the item’s file changed on the base',
      change: (world: World) =>
        pushToBase(world, { 'poems/autumn/voices/bold.txt': 'stale, and edited by a person\n' }),
    },
    {
      name: 'a prompt changed on the base',
      change: (world: World) => pushToBase(world, { 'prompts/rules.md': 'Write long lines.\n' }),
    },
    {
      name: 'regen.yaml asks for something else',
      change: (world: World) =>
        world.write({ 'regen.yaml': poemConfig().replace('task: Write ', 'task: Do write ') }),
    },
    {
      name: 'the plan asks for something else',
      change: async (world: World) => {
        const plan = (await world.read('.regen-plan.md')) ?? '';
        const request = '## Change Requests\n\n- bold: no rhymes\n\n## Log';
        await world.write({ '.regen-plan.md': plan.replace('## Log', request) });
      },
    },
    {
      name: 'somebody deleted what was kept',
      change: async (world: World) => {
        for (const ref of await keptRefs(world)) await world.repository.git('update-ref', '-d', ref);
      },
    },
  ])('is done afresh when $name', async ({ change }) => {
    await using world = await planned(poemConfig());
    const open = await refusePushes(world);
    await world.regen([]);
    const asked = world.model.requests.length;
    await open();
    await change(world);
    await world.regen(['retry', 'bold']);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 2 } });
    expect(world.model.requests.length).toBeGreaterThan(asked);
  });

  it('goes on from the kept commit although the base moved elsewhere', async () => {
    await using world = await planned(poemConfig());
    const open = await refusePushes(world);
    await world.regen([]);
    const asked = world.model.requests.length;
    await open();
    await pushToBase(world, { 'poems/autumn/voices/calm.txt': 'stale, and edited\n' });
    await world.regen(['retry', 'bold']);

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped' } });
    expect(world.model.requests).toHaveLength(asked);
  });
});

describe('a failed publish', () => {
  it('costs no token to be done again, with the artifacts of the checks', async () => {
    const check = `checks:
  run:
    - { name: draw, run: 'wc -c < poems/{target}/voices/{item}.txt > "$REGEN_ARTIFACTS/size.txt"', produces: [size.txt] }
`;
    const config = (run: string) =>
      poemConfig({ more: `publish: { run: '${run}', retries: 0 }\n` }).replace(
        /checks:\n[\s\S]*?(?=ship:)/,
        check,
      );
    await using world = await planned(config('echo no bucket; exit 3'));
    const shop = path.join(world.home, 'shop');

    const failed = await world.regen(['--json']);
    const asked = world.model.requests.length;
    await world.write({ 'regen.yaml': config(`mkdir -p ${shop} && cp {artifacts}/* ${shop}`) });
    await world.regen(['retry', '--failed']);
    const shipped = await world.regen(['--json']);

    expect(failed).toMatchObject({
      exitCode: 1,
      document: {
        reason: 'publish failed: exit code 3: no bucket',
        evidence: { log: expect.stringMatching(/\/bold\/1\/publish\.log$/) as string, lines: ['no bucket'] },
      },
    });
    expect(failed.stderr).toMatch(
      /\nbold: failed: publish failed: exit code 3: no bucket\n {2}no bucket\nbold: the whole log is /,
    );
    expect(shipped).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', usage: { requests: 0 } } });
    expect(world.model.requests).toHaveLength(asked);
    expect(await world.read(path.join('..', 'home', 'shop', 'size.txt'))).toBe('16\n');
    expect(await onRemote(world, 'bold')).toBe('new bold autumn');
  });
});

describe('somebody else’s open pull request on our branch', () => {
  // As GitHub shows it before it has noticed our push: then its head is ours, and so is the pull request.
  const somebodys = {
    number: 7,
    html_url: 'http://forge.test/o/r/pull/7',
    state: 'open',
    merged_at: null,
    body: 'Mine.',
    head: { ref: branch, sha: '0'.repeat(40), repo: { full_name: 'o/r' } },
  };

  it('fails the item, is named, and the queue goes on; once it is closed a retry costs nothing', async () => {
    await using world = await planned(poemConfig({ ship: '  repository: o/r' }));
    await using forge = await forgeOf(world);
    const { env } = forge;
    forge.github.failNext(
      { method: 'GET', path: /\/pulls$/ },
      { kind: 'answer', status: 200, body: [somebodys] },
    );

    const failed = await world.regen(['--json'], env);
    const next = await world.regen(['--json'], env);
    const asked = world.model.requests.length;
    await world.regen(['retry', 'bold']);
    const shipped = await world.regen(['--json'], env);

    expect(failed).toMatchObject({
      exitCode: 1,
      document: {
        item: 'bold',
        reason: expect.stringMatching(
          /^Pull request #7 from regen\/autumn\/bold is open, and no attempt of ours opened it: http:\S+\/pull\/7$/,
        ) as string,
        evidence: {
          next: 'close or merge it, or choose another ship.branch, then regen retry bold (it goes on from the kept commit)',
        },
      },
    });
    expect(next).toMatchObject({ exitCode: 0, document: { item: 'calm', outcome: 'shipped' } });
    expect(shipped).toMatchObject({ exitCode: 0, document: { item: 'bold', outcome: 'shipped' } });
    expect(world.model.requests).toHaveLength(asked);
  });
});

describe('a check that fails for good', () => {
  it('names its log and its last lines, keeps what the agent left, and a retry starts afresh', async () => {
    const script = poet({ bold: ['stale\n', 'more stale\n'] });
    const loud = poemConfig().replace('! grep', 'echo GITHUB_TOKEN is $REGEN_ITEM; ! grep');
    await using world = await planned(loud, script);

    const failed = await world.regen([]);
    const kept = await keptRefs(world);
    const left = await world.repository.git('show', `${kept[0] ?? ''}:poems/autumn/voices/bold.txt`);
    const status = await world.regen(['status', '--json']);
    const asked = world.model.requests.length;
    await world.regen(['retry', 'bold']);
    await world.regen([]);
    const askedAgain = world.model.requests.length;
    const abandoned = await world.regen(['abandon']);

    const log = /^Log: (\S+)$/m.exec(failed.stdout)?.[1] ?? '';
    expect(failed).toMatchObject({ exitCode: 1 });
    expect(log).toMatch(/^\.regen\/runs\/\w+\/autumn\/bold\/1\/checks\/1\/new\.log$/);
    expect(await world.read(log)).toContain('GITHUB_TOKEN is bold');
    expect(failed.stdout).toContain('"regen retry bold" sets it back.');
    expect(failed.stderr).toContain('  GITHUB_TOKEN is bold\n');
    expect(left).toBe('more stale');
    expect(status.document).toMatchObject({
      items: [
        { id: 'bold', state: 'failed', reason: 'check "new" failed: exit code 1: GITHUB_TOKEN is bold' },
        {},
        {},
      ],
    });
    expect(askedAgain).toBeGreaterThan(asked);
    expect(abandoned.exitCode).toBe(0);
    expect(await keptRefs(world)).toEqual([]);
  });
});

describe('a result that is none', () => {
  it.each([
    {
      name: 'refused',
      script: () => refuse('I won’t write that.'),
      reason: /^agent: refused by the model: /,
      next: 'reword the task, then regen retry bold',
    },
    {
      name: 'empty',
      script: () => say(' '),
      reason: /^empty: the agent changed nothing and said nothing$/,
      next: 'regen retry bold',
    },
    {
      name: 'an emptied file',
      script: poet({ bold: [''] }),
      reason: /^empty: nothing is left in poems\/autumn\/voices\/bold\.txt$/,
      next: 'regen retry bold',
    },
  ] satisfies readonly { name: string; script: Script; reason: RegExp; next: string }[])(
    'has words of its own: $name',
    async ({ script, reason, next }) => {
      await using world = await planned(poemConfig(), script);

      const step = await world.regen(['--json']);

      expect(step).toMatchObject({ exitCode: 1, document: { outcome: 'failed', evidence: { next } } });
      expect((step.document as { reason: string }).reason).toMatch(reason);
      expect(await onRemote(world, 'bold')).toBeNull();
    },
  );

  it('has words of its own: unchanged', async () => {
    await using world = await planned(poemConfig(), () => say('It is fine as it is.'));

    const step = await world.regen(['--json']);

    expect(step).toMatchObject({
      exitCode: 0,
      document: { outcome: 'unchanged', reason: 'the agent left the item as it was', evidence: null },
    });
  });
});

describe('whose fault it is', () => {
  it('is the item’s when its own check removes the worktree: the queue isn’t held up', async () => {
    const config = poemConfig().replace('! grep', 'rm -rf "$PWD"; ! grep');
    await using world = await planned(config);

    const step = await world.regen(['--json']);
    const next = await world.regen(['status', '--json']);

    expect(step).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed' } });
    expect(next.document).toMatchObject({ counts: { failed: 1, todo: 2 } });
  });

  it('is nobody’s attempt when the start wasn’t ready', async () => {
    await using world = await planned(poemConfig());
    const notThere = { PATH: path.join(world.home, 'nothing') };
    const broken = poemConfig().replace('agent:\n', 'agent:\n  command: [no-such-agent]\n');

    const first = await world.regen(['--json'], notThere);
    await world.write({ 'regen.yaml': broken });
    const second = await world.regen(['--json']);
    const third = await world.regen(['--json']);
    await world.write({ 'regen.yaml': poemConfig() });
    const last = await world.regen(['--json']);

    expect([first, second, third].map(({ exitCode }) => exitCode)).toEqual([3, 3, 3]);
    expect(last).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
  });

  it('is the item’s when its money is used up, over all attempts of the plan', async () => {
    const config = poemConfig({ more: 'budget: { itemUsd: 0.000001 }\n' });
    const drafts = { bold: ['stale\n', 'stale\n'], calm: ['stale\n', 'stale\n'] };
    await using world = await planned(config, poet(drafts));

    const first = await world.regen(['--json']);
    const asked = world.model.requests.length;
    await world.regen(['retry', 'bold']);
    const second = await world.regen(['--json']);

    expect(first).toMatchObject({ exitCode: 1, document: { item: 'bold', outcome: 'failed' } });
    expect(second).toMatchObject({
      exitCode: 1,
      document: {
        item: 'bold',
        reason: 'the item’s money is used up (budget.itemUsd)',
        evidence: { next: 'raise budget.itemUsd, then regen retry bold' },
      },
    });
    expect(world.model.requests).toHaveLength(asked);
  });
});

describe('the labels of an earlier attempt', () => {
  it('go with the one that replaces it; a person’s stay', async () => {
    const config = (labels: string) =>
      poemConfig({ ship: `  repository: o/r\n  labels: [${labels}]\n  labelDelay: 0s` });
    await using world = await planned(config('one, two, three'));
    await using forge = await forgeOf(world);
    const { env, github } = forge;
    await world.regen([], env);
    await github.act('POST', '/issues/1/labels', { labels: ['mine'] });
    await github.act('DELETE', '/issues/1/labels/three');
    await world.write({ 'regen.yaml': config('two, four') });
    await world.regen(['retry', 'bold']);

    const step = await world.regen(['--json'], env);

    expect(step).toMatchObject({
      exitCode: 0,
      document: { outcome: 'shipped', pr: { number: 1 }, attempt: 2 },
    });
    const [pull] = await github.pullRequests();
    expect([...(pull?.labels ?? [])].sort()).toEqual(['four', 'mine', 'two']);
    expect(github.writes().filter((write) => write.startsWith('DELETE'))).toEqual([
      'DELETE /issues/1/labels/one',
    ]);
  });
});

/** A world whose plan is that of autumn. */
async function planned(config: string, script: Script = poet()): Promise<World> {
  const world = await makeWorld({ files: poemFiles, config, script });
  expect(await world.regen(['plan', 'autumn'])).toMatchObject({ exitCode: 0 });
  return world;
}

/** The remote takes no push until the returned function is called. */
async function refusePushes({ repository }: World): Promise<() => Promise<void>> {
  const hook = path.join(repository.remote, 'hooks', 'pre-receive');
  await writeFile(hook, '#!/bin/sh\necho not today >&2\nexit 1\n');
  await chmod(hook, 0o755);
  return () => rm(hook);
}

async function pushToBase({ repository }: World, files: Readonly<Record<string, string>>): Promise<void> {
  await repository.commit({ files });
  await repository.git('push', '--quiet', 'origin', 'main');
}

async function keptRefs({ repository }: World): Promise<string[]> {
  const refs = await repository.git('for-each-ref', '--format=%(refname)', 'refs/regen/');
  return refs.split('\n').filter((ref) => ref !== '');
}

/** The voice's text on its branch; null when nothing was pushed. */
async function onRemote({ repository }: World, voice: string): Promise<string | null> {
  const file = `regen/autumn/${voice}:poems/autumn/voices/${voice}.txt`;
  return runGit(repository.remote, ['show', file]).catch(() => null);
}

interface ForgeScene extends AsyncDisposable {
  readonly github: TestForge;
  readonly env: Readonly<Record<string, string>>;
}

async function forgeOf({ repository }: World): Promise<ForgeScene> {
  const github = await startForge({ owner: 'o', repo: 'r', remote: repository.remote });
  return {
    github,
    env: { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.apiUrl },
    [Symbol.asyncDispose]: () => github.stop(),
  };
}
