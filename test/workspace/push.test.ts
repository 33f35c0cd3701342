import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planPush } from '../../src/workspace/plan-push.js';
import { credentialFor } from '../../src/workspace/push-remote.js';
import { startGitHttp } from '../support/git-http.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { committed, failureOf, makeScene, signal, uuid } from './scene.js';
import type { Scene } from './scene.js';

const branch = 'regen/scatter/altair';
const someone = ['-c', 'user.name=a', '-c', 'user.email=a@b.invalid'];

/** A commit of ours on the base. */
async function makeCommit(scene: Scene, text = 'better\n'): Promise<string> {
  const attempt = await scene.attempt();
  const worktree = await scene.workspace.open(attempt, [], signal);
  await writeFiles(worktree, { 'plots/scatter/altair.py': text });
  return committed(
    scene.workspace.commit(attempt, { paths: ['plots/scatter/altair.py'], subject: 's' }, signal),
  );
}

/** A commit that somebody else pushed to the branch; this repository doesn't have it. */
async function pushElsewhere(scene: Scene): Promise<string> {
  const clone = path.join(path.dirname(scene.root), 'clone');
  await runGit(path.dirname(scene.root), ['clone', '--quiet', scene.repository.remote, clone]);
  await runGit(clone, [...someone, 'commit', '--quiet', '--allow-empty', '-m', 'theirs']);
  await runGit(clone, ['push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`]);
  return runGit(clone, ['rev-parse', 'HEAD']);
}

async function remoteTip(scene: Scene): Promise<string> {
  return runGit(scene.repository.remote, ['rev-parse', `refs/heads/${branch}`]);
}

describe('the plan of a push', () => {
  it.each([
    ['nothing is there', { expected: null, remote: null }, { kind: 'create', lease: '' }],
    ['our earlier tip was removed', { expected: 'old', remote: null }, { kind: 'create', lease: '' }],
    ['our earlier tip stands', { expected: 'old', remote: 'old' }, { kind: 'replace', lease: 'old' }],
    ['the commit is there already', { expected: null, remote: 'new' }, { kind: 'up-to-date' }],
    ['somebody else’s tip stands', { expected: 'old', remote: 'other' }, { kind: 'foreign', tip: 'other' }],
    ['somebody took the name', { expected: null, remote: 'other' }, { kind: 'foreign', tip: 'other' }],
  ])('when %s', (_, { expected, remote }, plan) => {
    expect(planPush({ sha: 'new', expected }, remote)).toEqual(plan);
  });
});

describe('a push', () => {
  it('creates the branch, and is found again', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    const refs = await scene.repository.git('for-each-ref');

    const first = await scene.workspace.push({ sha, branch, expected: null }, signal);
    const again = await scene.workspace.push({ sha, branch, expected: null }, signal);

    expect([first, again]).toEqual([{ kind: 'pushed' }, { kind: 'pushed' }]);
    expect(await remoteTip(scene)).toBe(sha);
    expect(await scene.repository.git('for-each-ref')).toBe(refs);
  });

  it('replaces the tip that was seen', async () => {
    await using scene = await makeScene();
    const earlier = await makeCommit(scene, 'first\n');
    await scene.workspace.push({ sha: earlier, branch, expected: null }, signal);
    const sha = await makeCommit(scene, 'second\n');

    const result = await scene.workspace.push({ sha, branch, expected: earlier }, signal);

    expect(result).toEqual({ kind: 'pushed' });
    expect(await remoteTip(scene)).toBe(sha);
  });

  it.each([null, '1'.repeat(40)])('never replaces a tip that was not seen (%s)', async (expected) => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    const theirs = await pushElsewhere(scene);

    const result = await scene.workspace.push({ sha, branch, expected }, signal);

    expect(result).toEqual({
      kind: 'foreign',
      detail: `it stands at ${theirs.slice(0, 7)}, which is not ours`,
    });
    expect(await remoteTip(scene)).toBe(theirs);
  });

  it('creates the branch again that was removed after a merge', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);

    const result = await scene.workspace.push({ sha, branch, expected: '1'.repeat(40) }, signal);

    expect(result).toEqual({ kind: 'pushed' });
    expect(await remoteTip(scene)).toBe(sha);
  });

  it('is refused by the remote’s hook, with its words', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    const hook = path.join(scene.repository.remote, 'hooks/pre-receive');
    await writeFile(hook, '#!/bin/sh\necho "Signed commits only" >&2\nexit 1\n', { mode: 0o755 });

    const result = await scene.workspace.push({ sha, branch, expected: null }, signal);

    expect(result).toEqual({
      kind: 'refused',
      detail: expect.stringMatching(
        /^\[remote rejected\] \(pre-receive hook declined\): remote: Signed commits only/,
      ) as string,
    });
  });

  it('is refused when a branch stands where a folder is needed', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    await scene.repository.git('push', '--quiet', 'origin', 'main:refs/heads/regen');

    const result = await scene.workspace.push({ sha, branch, expected: null }, signal);

    expect(result).toMatchObject({ kind: 'refused' });
  });

  it('says so when the remote does not answer', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    const server = await startGitHttp({ remote: scene.repository.remote, path: '/o/r.git' });
    await server.stop();
    await scene.repository.git('remote', 'set-url', 'origin', server.url);

    const result = await scene.workspace.push({ sha, branch, expected: null }, signal);

    expect(result).toMatchObject({
      kind: 'unreachable',
      detail: expect.stringContaining('Failed to connect') as string,
    });
  });
});

describe('the remote’s branch', () => {
  it('is null when it isn’t there, even if another ref ends like it', async () => {
    await using scene = await makeScene();
    const { sha } = await scene.workspace.fetchBase(signal);
    await scene.repository.git('push', '--quiet', 'origin', `main:refs/heads/x/refs/heads/${branch}`);

    expect(await scene.workspace.remoteBranch(branch, sha, signal)).toBeNull();
  });

  it('names its owner', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    await scene.workspace.push({ sha, branch, expected: null }, signal);
    const { sha: base } = await scene.workspace.knownBase(signal);

    const found = await scene.workspace.remoteBranch(branch, base, signal);

    expect(found).toEqual({
      sha,
      owner: { target: 'scatter', item: 'altair', attempt: uuid },
      isMerged: false,
    });
  });

  it('is fetched when it is somebody else’s, without leaving a ref', async () => {
    await using scene = await makeScene();
    const { sha: base } = await scene.workspace.fetchBase(signal);
    const theirs = await pushElsewhere(scene);
    const refs = await scene.repository.git('for-each-ref');

    const found = await scene.workspace.remoteBranch(branch, base, signal);

    expect(found).toEqual({ sha: theirs, owner: null, isMerged: false });
    expect(await scene.repository.git('for-each-ref')).toBe(refs);
  });

  it('is merged when the base holds it', async () => {
    await using scene = await makeScene({ files: { a: '1' }, commits: [{ files: { a: '2' } }] });
    await scene.repository.git('push', '--quiet', 'origin', `main~1:refs/heads/${branch}`);
    const { sha: base } = await scene.workspace.fetchBase(signal);

    const found = await scene.workspace.remoteBranch(branch, base, signal);

    expect(found).toMatchObject({ owner: null, isMerged: true });
  });

  it('can’t be looked for where no remote answers', async () => {
    await using scene = await makeScene();
    const { sha: base } = await scene.workspace.fetchBase(signal);
    const server = await startGitHttp({ remote: scene.repository.remote, path: '/o/r.git' });
    await server.stop();
    await scene.repository.git('remote', 'set-url', 'origin', server.url);

    const error = await failureOf(scene.workspace.remoteBranch(branch, base, signal));

    expect(error).toMatchObject({ code: 'wait' });
  });
});

describe('a branch that can’t be beside another', () => {
  it.each(['regen', 'regen/scatter', `${branch}/more`, `${branch}/a/b`])(
    'is found on the remote: %s',
    async (other) => {
      await using scene = await makeScene();
      const { sha } = await scene.workspace.fetchBase(signal);
      await scene.repository.git(
        'push',
        '--quiet',
        'origin',
        `main:refs/heads/${other}`,
        'main:refs/heads/regen2',
      );

      expect(await scene.workspace.remoteBranch(branch, sha, signal)).toEqual({ blockedBy: other });
    },
  );

  it.each(['regen', 'regen/scatter', `${branch}/a/b`])('is found here: %s', async (other) => {
    await using scene = await makeScene();
    const { sha } = await scene.workspace.fetchBase(signal);
    await scene.repository.git('branch', other);

    expect(await scene.workspace.localBranch(branch, sha, signal)).toEqual({ blockedBy: other });
  });

  it('is told by how it begins, on the remote and here', async () => {
    await using scene = await makeScene();
    await scene.workspace.fetchBase(signal);
    const all = [branch, `${branch}.1`, 'regen/scatter/b', 'regen/scatter2', `y/${branch}`];
    for (const one of all) await scene.repository.git('branch', one);
    await scene.repository.git('push', '--quiet', 'origin', ...all);

    const names = (prefix: string) =>
      Promise.all([scene.workspace.remoteNames(prefix, signal), scene.workspace.localNames(prefix, signal)]);

    const below = new Set([branch, `${branch}.1`, 'regen/scatter/b']);
    expect(await names('regen/scatter/')).toEqual([below, below]);
    expect(await names('regen/other/')).toEqual([new Set(), new Set()]);
  });

  it('is none of its neighbours', async () => {
    await using scene = await makeScene();
    const { sha } = await scene.workspace.fetchBase(signal);
    for (const other of ['regen/scatter/altair2', 'regen/scatter2', 'x/regen', `y/${branch}`]) {
      await scene.repository.git('branch', other);
      await scene.repository.git('push', '--quiet', 'origin', other);
    }

    expect(await scene.workspace.remoteBranch(branch, sha, signal)).toBeNull();
    expect(await scene.workspace.localBranch(branch, sha, signal)).toBeNull();
  });
});

describe('a local branch', () => {
  it('is created, found, moved from what was seen, and left alone otherwise', async () => {
    await using scene = await makeScene();
    const first = await makeCommit(scene, 'first\n');
    const second = await makeCommit(scene, 'second\n');
    const { sha: base } = await scene.workspace.knownBase(signal);
    const { workspace } = scene;

    const results = [
      await workspace.localBranch(branch, base, signal),
      await workspace.branchLocally(branch, first, null, signal),
      await workspace.branchLocally(branch, first, null, signal),
      await workspace.branchLocally(branch, second, null, signal),
      await workspace.branchLocally(branch, second, first, signal),
      await workspace.localBranch(branch, base, signal),
    ];

    const owner = { target: 'scatter', item: 'altair', attempt: uuid };
    expect(results).toEqual([null, true, true, false, true, { sha: second, owner, isMerged: false }]);
  });

  it('is not moved under the feet of somebody who has it checked out', async () => {
    await using scene = await makeScene();
    const first = await makeCommit(scene, 'first\n');
    const second = await makeCommit(scene, 'second\n');
    await scene.workspace.branchLocally(branch, first, null, signal);
    await scene.repository.git('switch', '--quiet', branch);

    const isMoved = await scene.workspace.branchLocally(branch, second, first, signal);

    expect(isMoved).toBe(false);
    expect(await scene.repository.git('status', '--porcelain')).toBe('?? .worktrees/');
  });
});

describe('the token', () => {
  const token = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';

  it.each([
    ['https://github.com/o/r.git', {}, 'http.https://github.com/.extraheader'],
    ['https://me@github.com/o/r', {}, 'http.https://github.com/.extraheader'],
    [
      'https://ghe.invalid/o/r',
      { GITHUB_API_URL: 'https://ghe.invalid/api/v3' },
      'http.https://ghe.invalid/.extraheader',
    ],
    [
      'https://ghe.invalid/o/r',
      { GITHUB_API_URL: 'https://api.ghe.invalid' },
      'http.https://ghe.invalid/.extraheader',
    ],
    [
      'http://127.0.0.1:81/o/r',
      { GITHUB_API_URL: 'http://127.0.0.1:82' },
      'http.http://127.0.0.1:81/.extraheader',
    ],
    ['https://github.com/o/r', { GITHUB_API_URL: '' }, 'http.https://github.com/.extraheader'],
    ['http://github.com/o/r', {}, undefined],
    ['https://gitlab.invalid/o/r', {}, undefined],
    ['https://github.com.evil.invalid/o/r', {}, undefined],
    ['https://github.com@evil.invalid/o/r', {}, undefined],
    ['git@github.com:o/r.git', {}, undefined],
    ['ssh://git@github.com/o/r', {}, undefined],
    ['/srv/github.com/r.git', {}, undefined],
  ])('for %s with %j goes to %s', (url, env, key) => {
    const settings = credentialFor(url, { GH_TOKEN: token, GITHUB_TOKEN: '', ...env });

    expect(settings[1]?.[0]).toBe(key);
  });

  it('is sent without the line feed that a file ends in', () => {
    const plain = credentialFor('https://github.com/o/r', { GITHUB_TOKEN: token });

    expect(credentialFor('https://github.com/o/r', { GITHUB_TOKEN: `${token}\n` })).toEqual(plain);
  });

  it('reaches the push and no other git, no argument and no message', async () => {
    await using scene = await makeScene();
    const sha = await makeCommit(scene);
    const credentials = { user: 'x-access-token', password: token };
    const server = await startGitHttp({ remote: scene.repository.remote, path: '/o/r.git' });
    const closed = await startGitHttp({ remote: scene.repository.remote, path: '/o/r.git', credentials });
    const bin = await spyOnGit(scene);
    const env = { PATH: bin.path, GITHUB_TOKEN: token, GITHUB_API_URL: 'http://127.0.0.1:1' };
    const workspace = scene.workspaceWith({ env });
    await scene.repository.git(
      'config',
      'credential.helper',
      `!echo "$@" >> '${bin.log}'; env >> '${bin.log}'; #`,
    );

    await scene.repository.git('remote', 'set-url', 'origin', server.url);
    const base = await workspace.fetchBase(signal);
    await workspace.remoteBranch(branch, base.sha, signal);
    const readers = server.requests.map((request) => request.credentials);
    await scene.repository.git('remote', 'set-url', 'origin', closed.url);
    const pushed = await workspace.push({ sha, branch, expected: null }, signal);
    const pushers = closed.requests.map((request) => request.credentials);
    const refused = await failureOf(
      scene
        .workspaceWith({ env: { ...env, GITHUB_TOKEN: `${token}x` } })
        .push({ sha, branch, expected: null }, signal),
    );
    await Promise.all([server.stop(), closed.stop()]);

    expect(pushed).toEqual({ kind: 'pushed' });
    expect(await remoteTip(scene)).toBe(sha);
    expect(new Set(readers)).toEqual(new Set([null]));
    expect(new Set(pushers)).toEqual(new Set([`x-access-token:${token}`]));
    expect(refused).toMatchObject({
      code: 'environment',
      message: expect.not.stringContaining(token) as string,
    });
    const children = await readFile(bin.log, 'utf8');
    expect(children).toContain('ARGS');
    const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
    const telling = children
      .split('ARGS')
      .filter((child) => child.includes(token) || child.includes(encoded));
    expect(telling.map((child) => child.split('ENV')[0])).toEqual([
      expect.stringMatching(/ push .*regen-push/) as string,
    ]);
  });
});

/** A `git` on the PATH that writes down its arguments and environment before it runs the real one. */
async function spyOnGit(scene: Scene): Promise<{ readonly path: string; readonly log: string }> {
  const folder = path.join(path.dirname(scene.root), 'bin');
  const log = path.join(folder, 'log');
  const real = process.env['PATH'] ?? '';
  await mkdir(folder);
  const script = `#!/bin/sh\n{ echo "ARGS $*"; echo ENV; env; } >> '${log}'\nPATH='${real}' exec git "$@"\n`;
  await writeFile(path.join(folder, 'git'), script, { mode: 0o755 });
  return { path: `${folder}:${real}`, log };
}
