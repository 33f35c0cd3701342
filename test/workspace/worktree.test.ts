import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { encodeId } from '../../src/model/ids.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { catalog, committed, failureOf, makeScene, signal } from './scene.js';

const hidden = ['plots/scatter/plotly.py'];
const otherUuid = '9c1b6a5e-2f4d-4c3b-8a7e-6d5c4b3a2f1e';

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => !entry.isDirectory() && entry.name !== '.git')
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe('opening a worktree', () => {
  it('checks the base out, detached, without the hidden files', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();

    const worktree = await scene.workspace.open(attempt, hidden, signal);

    expect(worktree).toBe(path.join(scene.root, '.worktrees/scatter/altair'));
    expect(await filesOf(worktree)).toEqual(
      Object.keys(catalog)
        .filter((name) => name !== hidden[0])
        .sort(),
    );
    expect(await runGit(worktree, ['status', '--porcelain'])).toBe('');
    expect(await runGit(worktree, ['rev-parse', 'HEAD'])).toBe(attempt.base);
    expect(await runGit(worktree, ['branch', '--show-current'])).toBe('');
  });

  it('leaves the repository as it was: config, branch, index, working copy', async () => {
    await using scene = await makeScene();
    await writeFiles(scene.root, { 'README.md': 'being edited', 'new.txt': 'x' });
    await scene.repository.git('add', 'new.txt');
    await scene.workspace.ensureIgnored(signal);
    const look = async () => [
      await readFile(path.join(scene.root, '.git/config'), 'utf8'),
      await scene.repository.git('status', '--porcelain=v2', '--branch'),
      await scene.repository.git('for-each-ref'),
    ];
    const before = await look();

    await scene.workspace.open(await scene.attempt(), hidden, signal);

    expect(await look()).toEqual(before);
  });

  it('keeps the hidden files in the commit that the agent’s own "git add --all" would make', async () => {
    await using scene = await makeScene();

    const worktree = await scene.workspace.open(await scene.attempt(), hidden, signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better' });
    await runGit(worktree, ['add', '--all']);

    expect(await runGit(worktree, ['diff', '--cached', '--name-only'])).toBe('plots/scatter/altair.py');
  });

  it('finds the attempt’s own worktree with the work in it', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'work' });

    const again = await scene.workspaceWith({}).open(attempt, [], signal);

    expect(again).toBe(worktree);
    expect(await readFile(path.join(worktree, 'plots/scatter/altair.py'), 'utf8')).toBe('work');
    expect(await scene.workspace.isOpen(attempt, signal)).toBe(true);
  });

  it('replaces the worktree of an earlier attempt', async () => {
    await using scene = await makeScene();
    const earlier = await scene.attempt();
    const worktree = await scene.workspace.open(earlier, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'old work' });
    const later = await scene.attempt({ uuid: otherUuid });

    await scene.workspace.open(later, [], signal);

    expect(await readFile(path.join(worktree, 'plots/scatter/altair.py'), 'utf8')).toBe('print("altair")\n');
    expect(await scene.workspace.isOpen(earlier, signal)).toBe(false);
    expect(await scene.workspace.isOpen(later, signal)).toBe(true);
  });

  it('takes any id for target and item', async () => {
    await using scene = await makeScene();
    const ids = ['.', '..', '[', '[[', '^', 'a b', '-x', 'x.lock', '@', 'a/b', 'ä\n"', 'HEAD'];

    for (const id of ids) {
      const attempt = await scene.attempt({ target: id, item: id });
      const worktree = await scene.workspace.open(attempt, [], signal);
      const guarded = await scene.workspace.guard(attempt, ['{item}'], signal);
      expect(worktree).toBe(path.join(scene.root, '.worktrees', encodeId(id), encodeId(id)));
      expect(guarded).toEqual({ kind: 'unchanged' });
    }
  });

  it.each(['with blanks', 'it\'s "quoted"', 'line\nbreak', 'ünï→code', '-dash'])(
    'works in a repository whose folder is named %j',
    async (folder) => {
      await using scene = await makeScene({ files: catalog, folder });
      const attempt = await scene.attempt();

      const worktree = await scene.workspace.open(attempt, hidden, signal);
      await writeFiles(worktree, { 'plots/scatter/altair.py': 'better' });
      const guarded = await scene.workspace.guard(attempt, ['plots/{target}/{item}.py'], signal);
      await scene.workspace.drop(attempt, signal);

      expect(guarded.kind).toBe('clean');
      expect(await readdir(scene.root)).not.toContain('.worktrees');
    },
  );

  it('makes and removes several at the same moment', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const attempts = ['a', 'b', 'c', 'd', 'e'].map((item) => ({ ...attempt, item }));

    const opened = await Promise.all(
      attempts.map((one) => scene.workspaceWith({}).open(one, hidden, new AbortController().signal)),
    );
    const files = await Promise.all(opened.map(filesOf));
    await Promise.all(attempts.map((one) => scene.workspaceWith({}).drop(one, new AbortController().signal)));

    const expected = Object.keys(catalog)
      .filter((name) => name !== hidden[0])
      .sort();
    expect(files).toEqual(attempts.map(() => expected));
    expect(await readdir(scene.root)).not.toContain('.worktrees');
  });

  it('does not notice which git started it', async () => {
    await using scene = await makeScene();
    const workspace = scene.workspaceWith({
      env: { GIT_DIR: '/nowhere', GIT_WORK_TREE: '/nowhere', GIT_INDEX_FILE: '/nowhere', GIT_PREFIX: 'x/' },
    });

    const worktree = await workspace.open(await scene.attempt(), [], signal);

    expect(await filesOf(worktree)).toEqual(Object.keys(catalog).sort());
  });

  it('works from a linked worktree of the repository', async () => {
    await using scene = await makeScene();
    const linked = path.join(path.dirname(scene.root), 'linked');
    await scene.repository.git('worktree', 'add', '--quiet', linked, '-b', 'other');
    const workspace = scene.workspaceWith({ root: linked });
    const attempt = await scene.attempt();

    await workspace.ensureIgnored(signal);
    const worktree = await workspace.open(attempt, hidden, signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better' });
    const guarded = await workspace.guard(attempt, ['plots/{target}/{item}.py'], signal);
    await workspace.drop(attempt, signal);

    expect(worktree).toBe(path.join(linked, '.worktrees/scatter/altair'));
    expect(guarded.kind).toBe('clean');
    expect(await runGit(linked, ['status', '--porcelain'])).toBe('');
  });

  it('runs no hook and no file-system monitor of the repository', async () => {
    await using scene = await makeScene();
    const trace = path.join(path.dirname(scene.root), 'trace');
    const spy = path.join(path.dirname(scene.root), 'spy');
    await writeFile(spy, `#!/bin/sh\necho "$0" >> '${trace}'\n`, { mode: 0o755 });
    await scene.repository.git('config', 'core.fsmonitor', spy);
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-push']) {
      await symlink(spy, path.join(scene.root, '.git/hooks', hook));
    }
    const attempt = await scene.attempt();

    const worktree = await scene.workspace.open(attempt, hidden, signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better' });
    await scene.workspace.guard(attempt, ['plots/{target}/{item}.py'], signal);
    const change = { paths: ['plots/scatter/altair.py'], subject: 's' };
    const sha = await committed(scene.workspace.commit(attempt, change, signal));
    await scene.workspace.push({ sha, branch: 'b', expected: null }, signal);
    await scene.workspace.drop(attempt, signal);

    expect(await readdir(path.dirname(scene.root))).not.toContain('trace');
  });

  it('checks out and compares with the repository’s content filters', async () => {
    await using scene = await makeScene({ files: { ...catalog, '.gitattributes': '*.py text eol=crlf\n' } });
    const attempt = await scene.attempt();

    const worktree = await scene.workspace.open(attempt, [], signal);

    expect(await readFile(path.join(worktree, 'plots/scatter/altair.py'), 'utf8')).toBe(
      'print("altair")\r\n',
    );
    expect(await scene.workspace.guard(attempt, ['x/{item}'], signal)).toEqual({ kind: 'unchanged' });
  });
});

describe('what is in the way', () => {
  it('is removed when it is half-made', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const folder = path.join(scene.root, '.worktrees/scatter/altair');
    await scene.repository.git('worktree', 'add', '--quiet', '--no-checkout', '--detach', folder, 'main');

    expect(await scene.workspace.isOpen(attempt, signal)).toBe(false);
    await scene.workspace.open(attempt, [], signal);

    expect(await filesOf(folder)).toEqual(Object.keys(catalog).sort());
  });

  it('is removed when somebody deleted the folder and git’s record is left', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const folder = await scene.workspace.open(attempt, [], signal);
    await rm(folder, { recursive: true });

    expect(await scene.workspace.isOpen(attempt, signal)).toBe(false);
    await scene.workspace.open(attempt, [], signal);

    expect(await filesOf(folder)).toEqual(Object.keys(catalog).sort());
    expect(await readdir(path.join(scene.root, '.git/worktrees'))).toEqual(['altair']);
  });

  it('is removed when git’s record is gone and the folder is left', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const folder = await scene.workspace.open(attempt, [], signal);
    await rm(path.join(scene.root, '.git/worktrees'), { recursive: true });

    await scene.workspace.open(attempt, [], signal);

    expect(await filesOf(folder)).toEqual(Object.keys(catalog).sort());
  });

  it('stays when it is a person’s', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const folder = path.join(scene.root, '.worktrees/scatter/altair');
    const kinds = {
      branch: () => scene.repository.git('worktree', 'add', '--quiet', '-b', 'mine', folder, 'main'),
      files: () => writeFiles(folder, { 'notes.txt': 'x' }),
      file: () => writeFiles(path.dirname(folder), { altair: 'x' }),
      clone: () => runGit(scene.root, ['clone', '--quiet', scene.repository.remote, folder]),
    };

    for (const make of Object.values(kinds)) {
      await make();
      const before = (await readdir(path.dirname(folder), { recursive: true })).sort();
      const error = await failureOf(scene.workspace.open(attempt, [], signal));
      await scene.workspace.drop(attempt, signal);
      await scene.workspace.dropAll('scatter', signal);
      expect(error).toMatchObject({
        code: 'environment',
        message: `${folder} is in the way of a worktree: regen did not make it, so it will not remove it`,
      });
      expect((await readdir(path.dirname(folder), { recursive: true })).sort()).toEqual(before);
      await rm(folder, { recursive: true });
      await scene.repository.git('worktree', 'prune');
    }
  });

  it('is named when the target’s folder is a checkout of its own', async () => {
    await using scene = await makeScene();
    const folder = path.join(scene.root, '.worktrees/scatter');
    await scene.repository.git('worktree', 'add', '--quiet', '-b', 'mine', folder, 'main');

    const error = await failureOf(scene.workspace.open(await scene.attempt(), [], signal));

    expect(error).toBeInstanceOf(RegenError);
    expect(error).toMatchObject({ code: 'environment' });
    expect(await readdir(folder)).not.toContain('altair');
  });
});

describe('dropping', () => {
  it('removes the worktree, git’s record and the empty folders', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    await scene.workspace.open(attempt, [], signal);

    await scene.workspace.drop(attempt, signal);

    expect(await readdir(scene.root)).not.toContain('.worktrees');
    expect(await readdir(path.join(scene.root, '.git/worktrees'))).toEqual([]);
    await scene.workspace.drop(attempt, signal);
  });

  it('leaves the other items’ and everybody else’s worktrees alone', async () => {
    await using scene = await makeScene();
    const altair = await scene.attempt();
    const plotly = await scene.attempt({ item: 'plotly', uuid: otherUuid });
    const persons = path.join(scene.root, '.worktrees/mine');
    await scene.repository.git('worktree', 'add', '--quiet', '-b', 'mine', persons, 'main');
    await scene.workspace.open(altair, [], signal);
    await scene.workspace.open(plotly, [], signal);

    await scene.workspace.drop(altair, signal);

    expect(await scene.workspace.isOpen(plotly, signal)).toBe(true);
    expect((await readdir(path.join(scene.root, '.worktrees'))).sort()).toEqual(['mine', 'scatter']);
  });

  it('removes all of a target, also what git only remembers', async () => {
    await using scene = await makeScene();
    const other = await scene.attempt({ target: 'bar', uuid: otherUuid });
    await scene.workspace.open(await scene.attempt(), [], signal);
    const gone = await scene.workspace.open(await scene.attempt({ item: 'plotly' }), [], signal);
    await scene.workspace.open(other, [], signal);
    await rm(gone, { recursive: true });

    await scene.workspace.dropAll('scatter', signal);

    expect(await readdir(path.join(scene.root, '.worktrees'))).toEqual(['bar']);
    expect(await readdir(path.join(scene.root, '.git/worktrees'))).toHaveLength(1);
    expect(await scene.workspace.isOpen(other, signal)).toBe(true);
  });

  it('removes a worktree that the agent turned into something else', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const folder = await scene.workspace.open(attempt, [], signal);
    await rm(path.join(folder, '.git'));
    await mkdir(path.join(folder, '.git'));
    await writeFiles(folder, { 'deep/er/file': 'x' });

    await scene.workspace.drop(attempt, signal);

    expect(await readdir(scene.root)).not.toContain('.worktrees');
  });
});

describe('an interruption', () => {
  it('ends git, rejects with its reason, and the next run goes on from there', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const reason = new RegenError('interrupted', 'Ctrl-C');

    const error = await failureOf(scene.workspace.open(attempt, [], AbortSignal.abort(reason)));
    const worktree = await scene.workspace.open(attempt, [], signal);

    expect(error).toBe(reason);
    expect(await filesOf(worktree)).toEqual(Object.keys(catalog).sort());
  });
});
