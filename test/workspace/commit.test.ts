import { chmod, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitMessage, messageOf, readAncestry, readOwner } from '../../src/workspace/trailers.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { catalog, committed, failureOf, link, makeScene, signal, uuid } from './scene.js';

describe('the message', () => {
  it('is one line and the trailers', () => {
    const message = commitMessage('regen(scatter):\naltair\u2028!', {
      target: 'scatter',
      item: 'a b',
      attempt: uuid,
    });

    expect(message).toBe(
      `regen(scatter): altair !\n\nRegen-Target: scatter\nRegen-Item: a%20b\nRegen-Attempt: ${uuid}\n`,
    );
  });

  it.each(['scatter', '.', 'a b', 'x\nRegen-Attempt: forged', '100%', '%20', 'ä'])(
    'gives the id %j back',
    (id) => {
      const owner = { target: id, item: id, attempt: uuid };
      const commit = `tree 1\nparent 2\nauthor x\n\n${commitMessage('subject', owner)}`;

      expect(readOwner(commit)).toEqual(owner);
    },
  );

  it.each([
    ['no trailers', 'tree 1\n\nsubject\n'],
    ['only some of them', `tree 1\n\nsubject\n\nRegen-Target: a\nRegen-Attempt: ${uuid}\n`],
    [
      'them in the body',
      `tree 1\n\nsubject\n\n${commitMessage('s', { target: 'a', item: 'b', attempt: uuid })}\nmore\n`,
    ],
  ])('has no owner with %s', (_, commit) => {
    expect(readOwner(commit)).toBeNull();
  });

  it('is told from the headers, also below a signature', () => {
    const commit = 'tree 1\nparent 2\nparent 3\ngpgsig -----BEGIN\n \n parent 4\n\nsubject\n';

    expect([readAncestry(commit), messageOf(commit)]).toEqual([
      { tree: '1', parents: ['2', '3'] },
      'subject\n',
    ]);
  });
});

const change = { paths: ['plots/scatter/altair.py'], subject: 'regen(scatter): altair' };

describe('a commit', () => {
  it('is made, kept, restored and forgotten in spite of the locks that a killed git left', async () => {
    await using scene = await makeScene();
    const { workspace, root } = scene;
    const attempt = await scene.attempt();
    const worktree = await workspace.open(attempt, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better\n' });
    const administration = await scene.repository.git('-C', worktree, 'rev-parse', '--git-dir');
    const locks = [
      path.join(administration, 'HEAD.lock'),
      path.join(administration, 'regen-commit-index.lock'),
      path.join(administration, 'regen-restore-index.lock'),
      path.join(root, '.git', 'refs', 'regen', `${uuid}.lock`),
    ];
    const lockAll = () =>
      writeFiles('/', Object.fromEntries(locks.map((lock) => [path.relative('/', lock), ''])));

    await lockAll();
    const sha = await committed(workspace.commit(attempt, change, signal));
    await workspace.keep(attempt, sha, signal);
    await lockAll();
    await workspace.restore(attempt, sha, signal);
    await workspace.forget([uuid], signal);

    expect(await workspace.kept(signal)).toEqual(new Map());
    expect(await scene.repository.git('show', `${sha}:plots/scatter/altair.py`)).toBe('better');
  });

  it('stands on the base with exactly the given paths', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, ['plots/scatter/plotly.py'], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better\n', 'README.md': 'not asked for' });

    const sha = await committed(scene.workspace.commit(attempt, change, signal));

    const shown = await scene.repository.git(
      'show',
      '--no-renames',
      '--name-status',
      '--format=%P%n%an <%ae> %cI%n%B',
      sha,
    );
    expect(shown).toBe(
      [
        attempt.base,
        'Test Person <person@example.invalid> 2026-05-02T14:00:00+00:00',
        'regen(scatter): altair',
        '',
        'Regen-Target: scatter',
        'Regen-Item: altair',
        `Regen-Attempt: ${uuid}`,
        '',
        '',
        'M\tplots/scatter/altair.py',
      ].join('\n'),
    );
    expect(await scene.repository.git('ls-tree', '-r', '--name-only', sha)).toBe(
      Object.keys(catalog).sort().join('\n'),
    );
  });

  it('takes deletions, odd names, modes, symlinks and ignored files', async () => {
    await using scene = await makeScene({ files: { ...catalog, '.gitignore': '*.log\n', 'dir/file': 'x' } });
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await rm(path.join(worktree, 'dir'), { recursive: true });
    await writeFiles(worktree, {
      'plots/scatter/altair.yaml': null,
      '-x': 'x',
      ':(glob)*': 'x',
      'a b\n"c"': 'x',
      'kept.log': 'x',
      dir: 'now a file',
    });
    await chmod(path.join(worktree, 'plots/scatter/altair.py'), 0o755);
    await link(worktree, 'link', 'README.md');
    const paths = [
      'plots/scatter/altair.yaml',
      'plots/scatter/altair.py',
      '-x',
      ':(glob)*',
      'a b\n"c"',
      'kept.log',
      'dir/file',
      'dir',
      'link',
    ];

    const sha = await committed(scene.workspace.commit(attempt, { paths, subject: 's' }, signal));

    const diff = await scene.repository.git('diff-tree', '-r', '-z', '--no-renames', attempt.base, sha);
    const entries = diff.split('\0').flatMap((field, index, all) => {
      const [, mode = '', , , status = ''] = field.split(' ');
      return index % 2 === 0 && field !== '' ? [`${status} ${mode} ${all[index + 1] ?? ''}`] : [];
    });
    expect(entries).toEqual([
      'A 100644 -x',
      'A 100644 :(glob)*',
      'A 100644 a b\n"c"',
      'A 100644 dir',
      'D 000000 dir/file',
      'A 100644 kept.log',
      'A 120000 link',
      'M 100755 plots/scatter/altair.py',
      'D 000000 plots/scatter/altair.yaml',
    ]);
  });

  it('turns a file into a folder', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await rm(path.join(worktree, 'README.md'));
    await writeFiles(worktree, { 'README.md/inner': 'x' });

    const paths = ['README.md', 'README.md/inner'];
    const sha = await committed(scene.workspace.commit(attempt, { paths, subject: 's' }, signal));

    const status = await scene.repository.git('diff-tree', '-r', '--name-status', attempt.base, sha);
    expect(status).toBe('D\tREADME.md\nA\tREADME.md/inner');
  });

  it('leaves out what the agent committed, staged or hid on its own', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'first\n', 'README.md': 'x' });
    await runGit(worktree, ['checkout', '--quiet', '-b', 'agents']);
    await scene.repository.git(
      '-C',
      worktree,
      'commit',
      '--quiet',
      '-am',
      `forged\n\nRegen-Attempt: ${uuid}`,
    );
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'second\n' });
    await runGit(worktree, ['update-index', '--assume-unchanged', 'plots/scatter/altair.py']);

    const sha = await committed(scene.workspace.commit(attempt, change, signal));

    expect(await scene.repository.git('rev-parse', `${sha}^@`)).toBe(attempt.base);
    expect(await scene.repository.git('diff', '--name-only', attempt.base, sha)).toBe(
      'plots/scatter/altair.py',
    );
    expect(await scene.repository.git('show', `${sha}:plots/scatter/altair.py`)).toBe('second');
    expect(await runGit(worktree, ['rev-parse', 'HEAD'])).toBe(sha);
  });

  it('is found again after a kill, and made anew when something changed', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'first\n' });
    const first = await committed(scene.workspace.commit(attempt, change, signal));
    const later = scene.workspaceWith({ now: new Date('2026-06-01T00:00:00Z') });

    const found = await committed(later.commit(attempt, change, signal));
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'second\n' });
    const anew = await committed(later.commit(attempt, change, signal));

    expect(found).toBe(first);
    expect(anew).not.toBe(first);
    expect(await scene.repository.git('rev-parse', `${anew}^`)).toBe(attempt.base);
  });

  it('holds what a person’s checkout and commit would hold', async () => {
    await using scene = await makeScene({ files: { ...catalog, '.gitattributes': '*.py text eol=crlf\n' } });
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'one\r\ntwo\r\n' });

    const sha = await committed(scene.workspace.commit(attempt, change, signal));

    expect(await scene.repository.git('show', `${sha}:plots/scatter/altair.py`)).toBe('one\ntwo');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a secret',
      { 'plots/scatter/altair.py': 'key = "deploy-key-0123456789"\n' },
      '"plots/scatter/altair.py" holds the value of DEPLOY_KEY, which must not be committed',
    ],
    [
      'a secret in base64 of several lines, after two megabytes',
      {
        'plots/scatter/altair.py': `${'x\n'.repeat(1 << 20)}${(
          Buffer.from('ab:deploy-key-0123456789:cd')
            .toString('base64')
            .match(/.{1,16}/g) ?? []
        ).join('\n')}`,
      },
      '"plots/scatter/altair.py" holds the value of DEPLOY_KEY, which must not be committed',
    ],
    [
      'a secret in a name',
      { 'plots/scatter/deploy-key-0123456789': 'x' },
      'the name of a changed file holds the value of DEPLOY_KEY',
    ],
  ])('is refused with %s', async (_, files, reason) => {
    await using scene = await makeScene();
    const workspace = scene.workspaceWith({ env: { DEPLOY_KEY: 'deploy-key-0123456789' } });
    const attempt = await scene.attempt();
    const worktree = await workspace.open(attempt, [], signal);
    await writeFiles(worktree, files);

    const result = await workspace.commit(attempt, { paths: Object.keys(files), subject: 's' }, signal);

    expect(result).toEqual({ kind: 'refused', reason });
  });

  it('is never empty', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    await scene.workspace.open(attempt, [], signal);

    const result = await scene.workspace.commit(attempt, change, signal);

    expect(result).toEqual({ kind: 'empty' });
  });

  it('outlives its worktree under refs/regen', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better\n' });
    const sha = await committed(scene.workspace.commit(attempt, change, signal));

    await scene.workspace.keep(attempt, sha, signal);
    await scene.workspace.drop(attempt, signal);

    expect(await scene.repository.git('rev-parse', `refs/regen/${uuid}`)).toBe(sha);
  });

  it('needs the worktree', async () => {
    await using scene = await makeScene();

    const error = await failureOf(scene.workspace.commit(await scene.attempt(), change, signal));

    expect(error).toMatchObject({
      message: expect.stringContaining('the worktree of scatter/altair') as string,
    });
  });
});

describe('the committer', () => {
  it('is the person that git knows', async () => {
    await using scene = await makeScene();

    await expect(scene.workspace.ensureCommitter(signal)).resolves.toBeUndefined();
  });

  it('has to have a name', async () => {
    await using scene = await makeScene();
    await scene.repository.git('config', '--unset', 'user.email');
    await scene.repository.git('config', 'user.useConfigOnly', 'true');

    const error = await failureOf(scene.workspace.ensureCommitter(signal));

    expect(error).toMatchObject({
      code: 'environment',
      message: 'git has no author for commits: user.name or user.email is not set',
      hint: 'git config user.name "Your Name" && git config user.email you@example.org',
    });
  });
});
