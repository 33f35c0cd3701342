import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.js';
import { readRawDiff } from '../../src/workspace/changes.js';
import { allowanceOf, decideGuard } from '../../src/workspace/guard.js';
import { nameHazard } from '../../src/workspace/hazards.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { catalog, link, makeScene, signal, writes } from './scene.js';
import type { Scene } from './scene.js';

const ref = { target: 'scatter', item: 'altair' };
const nothingHidden = { hidden: new Set<string>(), hazards: new Map<string, string>() };

describe('the decision', () => {
  it('tells the item’s files from the target’s', () => {
    const changes: Change[] = [
      { path: 'plots/scatter/altair.py', kind: 'modified' },
      { path: 'plots/scatter/spec.md', kind: 'modified' },
    ];

    const result = decideGuard({ ...nothingHidden, changes }, allowanceOf(writes, ref));

    expect(result).toEqual({ kind: 'clean', changes, targetFiles: ['plots/scatter/spec.md'] });
  });

  it.each(['.', '[', '[[', '^', 'a b', '-x', '*', 'a.b', '{item}', 'ä', '$&'])(
    'matches the id %j literally',
    (item) => {
      const allowance = allowanceOf(['pages/{target}/{item}.md'], { target: 'common', item });

      const owners = [`pages/common/${item}.md`, 'pages/common/other.md'].map((file) =>
        allowance.owner(file),
      );

      expect([owners, allowance.named]).toEqual([['item', null], [`pages/common/${item}.md`]]);
    },
  );

  it('names every change that is not allowed', () => {
    const changes: Change[] = [
      { path: 'README.md', kind: 'deleted' },
      { path: 'plots/scatter/altair/vendored', kind: 'submodule' },
      { path: 'plots/scatter/altair.yaml', kind: 'added' },
      { path: 'plots/scatter/spec.md', kind: 'type' },
    ];
    const observed = {
      changes,
      hidden: new Set(['plots/scatter/altair.yaml']),
      hazards: new Map([['plots/scatter/spec.md', 'it is a symlink out of the worktree (/etc)']]),
    };

    const result = decideGuard(observed, allowanceOf(writes, ref));

    expect(result).toEqual({
      kind: 'violated',
      violations: [
        { path: 'README.md', reason: 'it was deleted, but this item may not write it' },
        {
          path: 'plots/scatter/altair/vendored',
          reason: 'it is a repository of its own (a submodule)',
        },
        {
          path: 'plots/scatter/altair.yaml',
          reason: 'it belongs to another item and was kept out of this worktree',
        },
        { path: 'plots/scatter/spec.md', reason: 'it is a symlink out of the worktree (/etc)' },
      ],
    });
  });
});

describe('a name that stands for .git', () => {
  it.each([
    '.git/config',
    'a/.GIT/x',
    '.Git',
    '.git ',
    '.git. /x',
    'a/.git::$INDEX_ALLOCATION/x',
    'GIT~1/x',
    '.g\u200cit/x',
    'a\\.git\\x',
  ])('is seen: %j', (name) => {
    expect(nameHazard(name)).toBe('its name stands for a repository’s own folder (.git) on some systems');
  });

  it.each(['.gitignore', '.gitattributes', 'a.git', 'x/.git-keep', 'git', 'digit~1', '.github/x'])(
    'is not %j',
    (name) => {
      expect(nameHazard(name)).toBeNull();
    },
  );
});

it('reads names with line breaks off a raw diff', () => {
  const output = ':100644 100755 aaaa 0000 M\0a\nb\0:000000 160000 0000 bbbb A\0sub\0';

  expect(readRawDiff(output)).toEqual([
    { path: 'a\nb', kind: 'mode' },
    { path: 'sub', kind: 'submodule' },
  ]);
});

/** Opens the worktree, lets the test change it, and asks the guard. */
async function guardAfter(
  scene: Scene,
  change: (worktree: string) => Promise<unknown>,
  hidden: readonly string[] = [],
) {
  const attempt = await scene.attempt();
  const worktree = await scene.workspace.open(attempt, hidden, signal);
  await change(worktree);
  return scene.workspace.guard(attempt, writes, signal);
}

describe('the guard on a worktree', () => {
  it('finds nothing when nothing differs, also when a file was only written again', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, (worktree) =>
      writeFiles(worktree, { 'README.md': catalog['README.md'], 'plots/scatter/spec.md': '# Scatter\n' }),
    );

    expect(result).toEqual({ kind: 'unchanged' });
  });

  it('lets the item’s files be changed, added and deleted', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await writeFiles(worktree, {
        'plots/scatter/altair.py': 'print("better")\n',
        'plots/scatter/altair.yaml': null,
        'plots/scatter/altair/odd name\n"quoted".txt': 'x',
      });
      await chmod(path.join(worktree, 'plots/scatter/spec.md'), 0o755);
    });

    expect(result).toEqual({
      kind: 'clean',
      changes: [
        { path: 'plots/scatter/altair.py', kind: 'modified' },
        { path: 'plots/scatter/altair.yaml', kind: 'deleted' },
        { path: 'plots/scatter/altair/odd name\n"quoted".txt', kind: 'added' },
        { path: 'plots/scatter/spec.md', kind: 'mode' },
      ],
      targetFiles: ['plots/scatter/spec.md'],
    });
  });

  it('sees a rename as a deletion and an addition', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, (worktree) =>
      rename(path.join(worktree, 'README.md'), path.join(worktree, 'LIESMICH.md')),
    );

    expect(result).toEqual({
      kind: 'violated',
      violations: [
        { path: 'LIESMICH.md', reason: 'it was added, but this item may not write it' },
        { path: 'README.md', reason: 'it was deleted, but this item may not write it' },
      ],
    });
  });

  it('sees what the agent staged, committed or told its index to overlook', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await writeFiles(worktree, { 'committed.txt': 'x', 'README.md': 'changed', 'staged.txt': 'x' });
      await runGit(worktree, ['add', 'committed.txt']);
      await runGit(worktree, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'mine']);
      await runGit(worktree, ['add', 'staged.txt']);
      await runGit(worktree, ['update-index', '--assume-unchanged', 'README.md']);
    });

    expect(result).toEqual({
      kind: 'violated',
      violations: [
        { path: 'README.md', reason: 'it was changed, but this item may not write it' },
        { path: 'committed.txt', reason: 'it was added, but this item may not write it' },
        { path: 'staged.txt', reason: 'it was added, but this item may not write it' },
      ],
    });
  });

  it('does not count a commit whose change was taken back', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await writeFiles(worktree, { 'README.md': 'changed' });
      await runGit(worktree, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qam', 'mine']);
      await writeFiles(worktree, { 'README.md': catalog['README.md'] });
    });

    expect(result).toEqual({ kind: 'unchanged' });
  });

  it.each([
    ['/etc/hostname', 'it is a symlink to an absolute path (/etc/hostname)'],
    ['../../../../outside', 'it is a symlink out of the worktree (../../../../outside)'],
    ['../../.git', 'it is a symlink out of the worktree (../../.git)'],
  ])('refuses a symlink to %s', async (target, reason) => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await rm(path.join(worktree, 'plots/scatter/altair.py'));
      await link(worktree, 'plots/scatter/altair.py', target);
    });

    expect(result).toEqual({
      kind: 'violated',
      violations: [{ path: 'plots/scatter/altair.py', reason }],
    });
  });

  it('follows a chain of symlinks to where it really leads', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await mkdir(path.join(worktree, 'plots/scatter/altair'));
      await link(worktree, 'plots/scatter/altair/up', '../../../..');
      await link(worktree, 'plots/scatter/altair/within', 'up/elsewhere');
      await writeFiles(path.dirname(worktree), { elsewhere: 'x' });
    });

    expect(result).toMatchObject({
      kind: 'violated',
      violations: [
        { path: 'plots/scatter/altair/up' },
        {
          path: 'plots/scatter/altair/within',
          reason: 'it is a symlink out of the worktree (up/elsewhere)',
        },
      ],
    });
  });

  it('lets a symlink stay within the worktree', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await rm(path.join(worktree, 'plots/scatter/altair.py'));
      await link(worktree, 'plots/scatter/altair.py', 'spec.md');
    });

    expect(result).toEqual({
      kind: 'clean',
      changes: [{ path: 'plots/scatter/altair.py', kind: 'type' }],
      targetFiles: [],
    });
  });

  it('refuses a folder that was replaced by a symlink, even one that git was told to ignore', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await rename(path.join(worktree, 'plots/scatter'), path.join(path.dirname(worktree), 'moved'));
      await link(worktree, 'plots/scatter', '../../moved');
      await writeFiles(worktree, { 'plots/.gitignore': '*\n' });
    });

    expect(result.kind).toBe('violated');
    expect(result).toMatchObject({
      violations: expect.arrayContaining([
        {
          path: 'plots/scatter/altair.py',
          reason: 'it is reached through plots/scatter, which is a symlink',
        },
      ]) as unknown,
    });
  });

  it('refuses a repository within the worktree', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, (worktree) =>
      runGit(worktree, ['init', '--quiet', 'plots/scatter/altair']),
    );

    expect(result).toEqual({
      kind: 'violated',
      violations: [{ path: 'plots/scatter/altair', reason: 'it is a repository of its own (a submodule)' }],
    });
  });

  it('refuses a worktree whose pointer to the repository was changed, and never follows it', async () => {
    await using scene = await makeScene();

    const result = await guardAfter(scene, async (worktree) => {
      await rm(path.join(worktree, '.git'));
      await runGit(worktree, ['init', '--quiet']);
    });

    expect(result).toEqual({
      kind: 'violated',
      violations: [{ path: '.git', reason: 'the pointer to the repository was changed' }],
    });
  });

  it('refuses a file that was hidden and is there again', async () => {
    await using scene = await makeScene();

    const hidden = ['plots/scatter/plotly.py'];
    const result = await guardAfter(
      scene,
      (worktree) => writeFiles(worktree, { [hidden[0] ?? '']: 'x' }),
      hidden,
    );

    expect(result).toEqual({
      kind: 'violated',
      violations: [
        {
          path: 'plots/scatter/plotly.py',
          reason: 'it belongs to another item and was kept out of this worktree',
        },
      ],
    });
  });

  it('counts an ignored file only when writes names it without a wildcard', async () => {
    await using scene = await makeScene({ files: { ...catalog, '.gitignore': '*.yaml\n*.pyc\n' } });

    const result = await guardAfter(scene, (worktree) =>
      writeFiles(worktree, {
        'plots/scatter/altair.yaml': 'score: 2\n',
        'plots/scatter/altair/cache.pyc': 'x',
        'other.yaml': 'x',
      }),
    );

    expect(result).toEqual({
      kind: 'clean',
      changes: [{ path: 'plots/scatter/altair.yaml', kind: 'added' }],
      targetFiles: [],
    });
  });
});
