import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestForge } from '../support/forge.js';
import { startForge } from '../support/forge.js';
import { runGit } from '../support/git-repo.js';
import { days, shiftedClock } from '../support/later.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { CommandRun, World } from '../support/world.js';
import { makeWorld } from '../support/world.js';

const branch = 'regen/autumn/bold';
const outage = { kind: 'answer', status: 503, body: { message: 'Unavailable' } } as const;

describe('a step that the forge’s outage stopped between two labels, gone on with the next day', () => {
  it('sets the rest, with the pinned base, although the base moved', async () => {
    await using scene = await halfLabelled();
    const { github, world } = scene;
    await world.repository.commit({ files: { 'poems/autumn/about.md': '# autumn: Another\n' } });
    await world.repository.git('push', '--quiet', 'origin', 'main');

    const step = await scene.nextDay();

    expect(step).toMatchObject({
      exitCode: 0,
      document: { item: 'bold', outcome: 'shipped', attempt: 1, pr: { number: 1 } },
    });
    expect(await github.pullRequests()).toMatchObject([
      { number: 1, state: 'open', labels: ['one', 'two', 'three'] },
    ]);
    expect(scene.writesSince()).toEqual([
      'POST /labels',
      'POST /issues/1/labels',
      'POST /labels',
      'POST /issues/1/labels',
    ]);
    expect(scene.askedSince()).toBe(0);
  });

  it('leaves off what a person took off meanwhile', async () => {
    await using scene = await halfLabelled();
    await scene.github.act('DELETE', '/issues/1/labels/one');

    await scene.nextDay();

    expect(await scene.github.pullRequests()).toMatchObject([{ labels: ['two', 'three'] }]);
  });

  it('is done when a person merged it: no push, no label', async () => {
    await using scene = await halfLabelled();
    await scene.github.merge(1);

    const step = await scene.nextDay();

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', pr: { number: 1 } } });
    expect(await scene.world.read('.regen-plan.md')).toMatch(/- \[x\] bold\n[\s\S]*\/pull\/1 \(merged\), /);
    expect(scene.writesSince()).toEqual([]);
    expect(scene.askedSince()).toBe(0);
  });

  it('is left out when a person closed it: nothing is made again', async () => {
    await using scene = await halfLabelled();
    await scene.github.closePullRequest(1);

    const step = await scene.nextDay();

    expect(step).toMatchObject({
      exitCode: 0,
      document: {
        outcome: 'skipped',
        reason: expect.stringMatching(/\/pull\/1 was closed by a person$/) as string,
      },
    });
    expect(await scene.world.read('.regen-plan.md')).toContain('- [-] bold\n');
    expect(scene.writesSince()).toEqual([]);
  });

  it('is shipped all the same when its worktree is gone', async () => {
    await using scene = await halfLabelled();
    await rm(path.join(scene.world.root, '.worktrees'), { recursive: true });

    const step = await scene.nextDay();

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', attempt: 1 } });
    expect(scene.askedSince()).toBe(0);
  });
});

describe('a push whose end was never noted', () => {
  it('is found on the remote and not repeated', async () => {
    await using scene = await halfLabelled();
    await cutJournal(scene.world, '"effect":"push","event":"end"');
    const tip = await runGit(scene.world.repository.remote, ['rev-parse', branch]);

    const step = await scene.nextDay();

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', pr: { number: 1 } } });
    expect(await runGit(scene.world.repository.remote, ['rev-parse', branch])).toBe(tip);
    expect(await scene.github.pullRequests()).toHaveLength(1);
    expect(scene.askedSince()).toBe(0);
  });

  it('is made when it never came there', async () => {
    await using scene = await stoppedAt({ method: 'GET', path: /\/pulls$/ });
    await cutJournal(scene.world, '"effect":"push","event":"end"');
    await runGit(scene.world.repository.remote, ['update-ref', '-d', `refs/heads/${branch}`]);

    const step = await scene.nextDay();

    expect(step).toMatchObject({
      exitCode: 0,
      document: { outcome: 'shipped', attempt: 1, pr: { number: 1 } },
    });
    expect(scene.askedSince()).toBe(0);
  });
});

describe('a pull request whose making was never noted', () => {
  it('is found by its marker and not made a second time', async () => {
    await using scene = await halfLabelled();
    await cutJournal(scene.world, '"effect":"pr","event":"end"');

    const step = await scene.nextDay();

    expect(step).toMatchObject({ exitCode: 0, document: { outcome: 'shipped', pr: { number: 1 } } });
    expect(await scene.github.pullRequests()).toMatchObject([{ number: 1, labels: ['one', 'two', 'three'] }]);
    expect(scene.writesSince()).not.toContain('POST /pulls');
  });
});

interface Stopped extends AsyncDisposable {
  readonly world: World;
  readonly github: TestForge;
  nextDay(): Promise<CommandRun>;
  /** What changed the forge since the outage. */
  writesSince(): readonly string[];
  askedSince(): number;
}

/** The step pushed, opened the pull request, put one label of three on it, and then the forge was down. */
function halfLabelled(): Promise<Stopped> {
  return stoppedAt({ method: 'GET', path: /\/labels\/two$/ });
}

/** A step for which the forge was down from such a request on. */
async function stoppedAt(request: Parameters<TestForge['failNext']>[0]): Promise<Stopped> {
  const config = poemConfig({ ship: '  repository: o/r\n  labels: [one, two, three]\n  labelDelay: 0s' });
  const world = await makeWorld({ files: poemFiles, config, script: poet() });
  const github = await startForge({ owner: 'o', repo: 'r', remote: world.repository.remote });
  const env = { GITHUB_TOKEN: github.token, GITHUB_API_URL: github.apiUrl };
  await world.regen(['plan', 'autumn'], env);
  github.failNext(request, outage, outage, outage);
  const stopped = await world.regen(['--json'], env);
  expect(stopped).toMatchObject({ exitCode: 75, document: { outcome: 'waiting', item: 'bold' } });
  const [written, asked] = [github.writes().length, world.model.requests.length];
  return {
    world,
    github,
    nextDay: async () => world.regen(['--json'], { ...env, ...(await shiftedClock(world.home, days)) }),
    writesSince: () => github.writes().slice(written),
    askedSince: () => world.model.requests.length - asked,
    async [Symbol.asyncDispose]() {
      await github.stop();
      await world[Symbol.asyncDispose]();
    },
  };
}

/** What a kill in front of that record leaves: the journal ends there. */
async function cutJournal(world: World, record: string): Promise<void> {
  const { root } = world;
  const [pointer = ''] = (await world.repository.git('ls-files', '--others', '.regen/open')).split('\n');
  const folder = (await readFile(path.join(root, pointer), 'utf8')).trim();
  const file = path.join(root, folder, 'journal.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes(record));
  expect(at).toBeGreaterThan(0);
  await writeFile(file, `${lines.slice(0, at).join('\n')}\n`);
}
