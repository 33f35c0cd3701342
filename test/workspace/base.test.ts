import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { splitBase } from '../../src/workspace/repository.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { makeScratch } from '../support/scratch.js';
import { catalog, failureOf, makeScene, signal } from './scene.js';

describe('the base’s name', () => {
  it('is split at the longest remote', () => {
    const base = splitBase('team/fork/feature/x', ['team', 'team/fork', 'origin']);

    expect(base).toEqual({
      remote: 'team/fork',
      branch: 'feature/x',
      ref: 'refs/remotes/team/fork/feature/x',
    });
  });
});

describe('fetching the base', () => {
  it('brings the remote’s tip, and moves nothing else', async () => {
    await using scene = await makeScene();
    const clone = path.join(path.dirname(scene.root), 'clone');
    await runGit(scene.root, ['clone', '--quiet', scene.repository.remote, clone]);
    await writeFiles(clone, { 'README.md': 'newer' });
    await runGit(clone, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qam', 'newer']);
    await runGit(clone, ['tag', 'v1']);
    await runGit(clone, ['push', '--quiet', 'origin', 'main', 'main:other', 'v1']);
    const newer = await runGit(clone, ['rev-parse', 'HEAD']);
    const local = await scene.repository.git('rev-parse', 'HEAD');

    const base = await scene.workspace.fetchBase(signal);

    expect(base).toEqual({ ref: 'origin/main', sha: newer });
    expect(await scene.workspace.knownBase(signal)).toEqual(base);
    expect(await scene.repository.git('for-each-ref', '--format=%(refname) %(objectname)')).toBe(
      `refs/heads/main ${local}\nrefs/remotes/origin/main ${newer}`,
    );
    expect(await scene.repository.git('status', '--porcelain')).toBe('');
  });

  it.each([
    ['a detached HEAD', ['checkout', '--quiet', '--detach']],
    ['a branch without commits', ['switch', '--quiet', '--orphan', 'empty']],
    ['something staged', ['rm', '--quiet', 'README.md']],
  ])('works with %s, and leaves it so', async (_, args) => {
    await using scene = await makeScene();
    await scene.repository.git(...args);
    const before = await scene.repository.git('status', '--porcelain=v2', '--branch');

    const base = await scene.workspace.fetchBase(signal);

    expect(base.ref).toBe('origin/main');
    expect(await scene.repository.git('status', '--porcelain=v2', '--branch')).toBe(before);
  });

  it('is fetched by several steps at the same moment', async () => {
    await using scene = await makeScene();
    const sha = await scene.repository.commit({ files: { 'README.md': 'newer' } });
    await scene.repository.git('push', '--quiet', 'origin', 'main');
    await scene.repository.git('update-ref', 'refs/remotes/origin/main', 'main~1');
    const workspaces = Array.from({ length: 6 }, () => scene.workspaceWith({}));

    const bases = await Promise.all(
      workspaces.map((workspace) => workspace.fetchBase(new AbortController().signal)),
    );

    expect(bases.map((base) => base.sha)).toEqual(Array<string>(6).fill(sha));
  });

  it('follows a base that was rewritten', async () => {
    await using scene = await makeScene();
    await scene.workspace.fetchBase(signal);
    await scene.repository.git('commit', '--quiet', '--amend', '-m', 'rewritten');
    await scene.repository.git('push', '--quiet', '--force');

    const base = await scene.workspace.fetchBase(signal);

    expect(base.sha).toBe(await scene.repository.git('rev-parse', 'HEAD'));
  });
});

describe('a base that can’t be fetched', () => {
  it('is in no repository', async () => {
    await using scratch = await makeScratch();
    await using scene = await makeScene();

    const error = await failureOf(scene.workspaceWith({ root: scratch.folder }).fetchBase(signal));

    expect(error).toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/^not a git repository/) as string,
    });
  });

  it('is not asked for in a folder of a repository, or in a bare one', async () => {
    await using scene = await makeScene();
    const folders = [path.join(scene.root, 'plots'), scene.repository.remote];

    for (const root of folders) {
      const error = await failureOf(scene.workspaceWith({ root }).fetchBase(signal));
      expect(error).toMatchObject({ code: 'environment', message: `${root} is not the root of a checkout` });
    }
  });

  it('has no remote of that name', async () => {
    await using scene = await makeScene();

    const error = await failureOf(scene.workspaceWith({ base: 'upstream/main' }).fetchBase(signal));

    expect(error).toMatchObject({
      code: 'environment',
      message: 'base upstream/main: the repository has no remote named upstream',
      hint: 'It has origin: set base in regen.yaml, or git remote add upstream <URL>.',
    });
  });

  it('has no such branch on the remote, or the remote is empty', async () => {
    await using scene = await makeScene();
    await using empty = await makeScene({});

    const missing = await failureOf(scene.workspaceWith({ base: 'origin/dev' }).fetchBase(signal));
    const unborn = await failureOf(empty.workspace.fetchBase(signal));

    expect(missing).toMatchObject({
      code: 'environment',
      message: "origin has no branch dev: couldn't find remote ref refs/heads/dev",
    });
    expect(unborn).toMatchObject({
      code: 'environment',
      message: "origin has no branch main: couldn't find remote ref refs/heads/main",
    });
  });

  it('is at an address where no repository is', async () => {
    await using scene = await makeScene();
    await scene.repository.git('remote', 'set-url', 'origin', path.join(scene.root, 'nowhere'));

    const error = await failureOf(scene.workspace.fetchBase(signal));

    expect(error).toMatchObject({
      code: 'environment',
      message: expect.stringContaining('does not appear to be a git repository') as string,
      hint: 'See that the address is right: git remote get-url origin.',
    });
  });

  it('is at an address that does not answer', async () => {
    await using scene = await makeScene();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    await new Promise((resolve) => server.close(resolve));
    await scene.repository.git('remote', 'set-url', 'origin', `http://me:secret@127.0.0.1:${port}/x`);

    const error = await failureOf(scene.workspace.fetchBase(signal));

    expect(error).toMatchObject({
      code: 'wait',
      message: expect.stringContaining('Failed to connect') as string,
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('was never fetched', async () => {
    await using scene = await makeScene();

    const error = await failureOf(scene.workspaceWith({ base: 'origin/dev' }).knownBase(signal));

    expect(error).toMatchObject({
      code: 'environment',
      message: 'origin/dev was never fetched',
      hint: 'git fetch origin dev',
    });
  });

  it('stops being fetched on an interruption', async () => {
    await using scene = await makeScene();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    await scene.repository.git('remote', 'set-url', 'origin', `http://127.0.0.1:${port}/x`);
    const controller = new AbortController();
    const reason = new Error('enough');

    const connected = once(server, 'connection');
    const fetching = failureOf(scene.workspace.fetchBase(controller.signal));
    await connected;
    controller.abort(reason);

    expect(await fetching).toBe(reason);
    server.close();
  });
});

it('keeps a folder that is no repository as it was', async () => {
  await using scratch = await makeScratch();
  await using scene = await makeScene({ files: catalog });
  await mkdir(scratch.in('empty'));

  const error = await failureOf(scene.workspaceWith({ root: scratch.in('gone') }).fetchBase(signal));

  expect(error).toMatchObject({
    code: 'environment',
    message: expect.stringContaining('git could not be started') as string,
  });
});
