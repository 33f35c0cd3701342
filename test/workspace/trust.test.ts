import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configVariables, gitEnvironment } from '../../src/workspace/git-environment.js';
import { createGit } from '../../src/workspace/git.js';
import { essence, readRemoteTrouble, withoutCredentials } from '../../src/workspace/git-messages.js';
import { runGit, writeFiles } from '../support/git-repo.js';
import { catalog, committed, failureOf, link, makeScene, signal } from './scene.js';
import type { Scene } from './scene.js';

describe('our files', () => {
  const exclude = (scene: Scene) => path.join(scene.root, '.git/info/exclude');

  it('are added to info/exclude below what is there, once', async () => {
    await using scene = await makeScene();
    await writeFile(exclude(scene), '# mine\r\n*.log');

    await scene.workspace.ensureIgnored(signal);
    await scene.workspace.ensureIgnored(signal);

    expect(await readFile(exclude(scene), 'utf8')).toBe(
      '# mine\r\n*.log\n.regen-plan.md\n.regen-history/\n.worktrees/\n.regen/\n',
    );
    await writeFiles(scene.root, { '.regen-plan.md': 'x', '.regen/lock': 'x', '.worktrees/a/b/c': 'x' });
    expect(await scene.repository.git('status', '--porcelain')).toBe('');
  });

  it('are left alone where the repository ignores them already', async () => {
    await using scene = await makeScene({
      files: { ...catalog, '.gitignore': '/.regen*\n.worktrees/\n' },
    });
    await rm(exclude(scene), { force: true });

    await scene.workspace.ensureIgnored(signal);

    await expect(readFile(exclude(scene))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('make info/ where a template had none', async () => {
    await using scene = await makeScene();
    await rm(path.dirname(exclude(scene)), { recursive: true });

    await scene.workspace.ensureIgnored(signal);

    expect(await readFile(exclude(scene), 'utf8')).toBe(
      '.regen-plan.md\n.regen-history/\n.worktrees/\n.regen/\n',
    );
  });

  it('must not be tracked', async () => {
    await using scene = await makeScene({ files: { ...catalog, '.regen-plan.md': 'x' } });
    const before = await readFile(exclude(scene), 'utf8');

    const error = await failureOf(scene.workspace.ensureIgnored(signal));

    expect(error).toMatchObject({
      code: 'plan',
      message: '.regen-plan.md is tracked by git, so a commit would carry it',
      hint: 'git rm --cached .regen-plan.md && git commit, then run regen again.',
    });
    expect(await readFile(exclude(scene), 'utf8')).toBe(before);
  });
});

describe('the fingerprint', () => {
  it.each<[string, (scene: Scene) => Promise<unknown>]>([
    ['git setting core.sshcommand', (scene) => scene.repository.git('config', 'core.sshCommand', 'evil')],
    ['git setting remote.origin.url', (scene) => scene.repository.git('remote', 'set-url', 'origin', 'evil')],
    ['git setting alias.st', (scene) => writeFile(path.join(scene.root, 'planted'), '[alias]\nst = evil\n')],
    [
      'git setting (none can be read)',
      (scene) => appendFile(path.join(scene.root, '.git/config'), '[broken'),
    ],
    ['.git/hooks/pre-commit', (scene) => writeFile(path.join(scene.root, '.git/hooks/pre-commit'), 'evil')],
    ['.git/hooks/pre-push', (scene) => link(path.join(scene.root, '.git/hooks'), 'pre-push', 'evil')],
    ['.git/info/attributes', (scene) => writeFile(path.join(scene.root, '.git/info/attributes'), '* x=y')],
    [
      '.git/objects/info/alternates',
      (scene) => writeFile(path.join(scene.root, '.git/objects/info/alternates'), '/elsewhere\n'),
    ],
    ['regen.yaml', (scene) => writeFile(path.join(scene.root, 'regen.yaml'), 'checks: {}\n')],
  ])('tells of %s', async (name, plant) => {
    await using scene = await makeScene();
    await writeFile(path.join(scene.root, 'planted'), '[alias]\nst = status\n');
    await scene.repository.git('config', 'include.path', '../planted');
    const before = await scene.workspace.fingerprint(null, signal);

    await plant(scene);

    expect(scene.workspace.drift(before, await scene.workspace.fingerprint(null, signal))).toContain(name);
  });

  it('stays the same while a step and a person do their work', async () => {
    await using scene = await makeScene();
    await scene.workspace.ensureIgnored(signal);
    const before = await scene.workspace.fingerprint(null, signal);
    const attempt = await scene.attempt();

    const worktree = await scene.workspace.open(attempt, ['plots/scatter/plotly.py'], signal);
    await writeFiles(worktree, { 'plots/scatter/altair.py': 'better' });
    const change = { paths: ['plots/scatter/altair.py'], subject: 's' };
    const sha = await committed(scene.workspace.commit(attempt, change, signal));
    await scene.workspace.push({ sha, branch: 'b', expected: null }, signal);
    await scene.repository.git('switch', '--quiet', '--track', '-c', 'mine', 'origin/main');
    await scene.repository.git('gc', '--quiet');

    expect(scene.workspace.drift(before, await scene.workspace.fingerprint(null, signal))).toEqual([]);
  });

  it.each<[string, (entry: string, worktree: string) => Promise<unknown>]>([
    [
      'regen’s record of the worktree (regen-index)',
      (entry) => writeFile(path.join(entry, 'regen-index'), ''),
    ],
    [
      'the place of its worktree (moved or removed)',
      (entry) => writeFile(path.join(entry, 'regen.json'), '{}'),
    ],
    [
      'the place of its worktree (moved or removed)',
      (entry) => writeFile(path.join(entry, 'gitdir'), '/x/.git'),
    ],
    ['the place of its worktree (moved or removed)', (entry) => rm(entry, { recursive: true })],
    ['the place of its worktree (moved or removed)', (_, worktree) => rm(worktree, { recursive: true })],
    [
      'the place of its worktree (moved or removed)',
      async (_, worktree) => {
        await rename(worktree, `${worktree}.away`);
        await link(path.dirname(worktree), path.basename(worktree), '../..');
      },
    ],
  ])('tells of an attempt: %s', async (name, plant) => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    const before = await scene.workspace.fingerprint(attempt, signal);
    await plant(path.join(scene.root, '.git/worktrees/altair'), worktree);

    const after = await scene.workspace.fingerprint(attempt, signal);
    await scene.workspace.drop(attempt, signal);

    expect(scene.workspace.drift(before, after)).toEqual([name]);
    expect(await readdir(path.join(scene.root, '.git/worktrees'))).toEqual([]);
    expect(await readFile(path.join(scene.root, 'README.md'), 'utf8')).toBe(catalog['README.md']);
  });

  it('is drawn without hooks and info/', async () => {
    await using scene = await makeScene();
    await rm(path.join(scene.root, '.git/hooks'), { recursive: true });
    await rm(path.join(scene.root, '.git/info'), { recursive: true, force: true });

    const { shared } = await scene.workspace.fingerprint(null, signal);

    expect(shared).toHaveProperty('git setting core.bare');
  });
});

describe('a planted program', () => {
  it('is not run by our git, whatever the agent’s worktree says it is', async () => {
    await using scene = await makeScene();
    const attempt = await scene.attempt();
    const worktree = await scene.workspace.open(attempt, [], signal);
    const trace = path.join(path.dirname(scene.root), 'trace');
    const spy = path.join(path.dirname(scene.root), 'spy');
    await writeFile(spy, `#!/bin/sh\necho ran >> '${trace}'\n`, { mode: 0o755 });
    await rm(path.join(worktree, '.git'));
    await runGit(worktree, ['init', '--quiet']);
    await runGit(worktree, ['config', 'filter.x.clean', spy]);
    await runGit(worktree, ['config', 'core.fsmonitor', spy]);
    await runGit(worktree, ['config', 'diff.external', spy]);
    await mkdir(path.join(worktree, '.git/hooks'), { recursive: true });
    await writeFiles(worktree, { '.gitattributes': '* filter=x\n', 'plots/scatter/altair.py': 'better' });

    const result = await scene.workspace.guard(attempt, ['**'], signal);
    await scene.workspace.commit(attempt, { paths: ['plots/scatter/altair.py'], subject: 's' }, signal);

    expect(result.kind).toBe('violated');
    await expect(readFile(trace)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the environment of git', () => {
  it('keeps the user’s identity and access, and nothing that aims git elsewhere', () => {
    const env = gitEnvironment({
      PATH: '/bin',
      HOME: '/home/me',
      LC_ALL: 'de_DE.UTF-8',
      GITHUB_TOKEN: 'secret',
      GH_TOKEN: 'secret',
      GIT_DIR: '/x',
      GIT_INDEX_FILE: '/x',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_PARAMETERS: "'core.pager=evil'",
      GIT_EXTERNAL_DIFF: 'evil',
      GIT_TRACE: '1',
      GIT_SSH_COMMAND: 'ssh -i key',
      GIT_AUTHOR_NAME: 'Me',
      UNSET: undefined,
    });

    expect(env).toEqual({
      PATH: '/bin',
      HOME: '/home/me',
      LC_ALL: 'C',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_SSH_COMMAND: 'ssh -i key',
      GIT_AUTHOR_NAME: 'Me',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_NO_REPLACE_OBJECTS: '1',
    });
  });

  it('may bring settings of any kind, which git then has', async () => {
    await using scene = await makeScene();
    const settings = [
      ['credential.helper', 'store'],
      ['url.https://mirror.test/.insteadOf', 'https://other.test/'],
      ['core.sshCommand', 'ssh -4'],
      ['safe.directory', '*'],
      ['alias.x', 'status'],
      ['protocol.file.allow', 'always'],
    ] as const;
    const git = createGit({ root: scene.root, env: { ...process.env, ...configVariables(settings, {}) } });

    const values = await Promise.all(settings.map(([key]) => git.ask(['config', '--get', key], signal)));

    expect(values).toEqual(settings.map(([, value]) => value));
  });

  it('has our settings behind those that it brings itself', () => {
    const brought = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };

    const own = configVariables([['remote.regen-push.url', 'here']], brought);

    expect({ ...brought, ...own }).toEqual({
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'remote.regen-push.url',
      GIT_CONFIG_VALUE_1: 'here',
    });
  });
});

describe('what git says', () => {
  it.each([
    ['unreachable', "fatal: unable to access 'http://h/': Could not resolve host: h"],
    [
      'unreachable',
      'ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.',
    ],
    ['unreachable', "fatal: unable to access 'https://h/': The requested URL returned error: 503"],
    ['denied', 'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.'],
    ['denied', "fatal: could not read Username for 'https://h': terminal prompts disabled"],
    ['denied', "fatal: unable to access 'https://h/': The requested URL returned error: 403"],
    ['missing-branch', "fatal: couldn't find remote ref refs/heads/x"],
    ['missing-repository', "fatal: '/x' does not appear to be a git repository"],
    ['missing-repository', "remote: Repository not found.\nfatal: repository 'https://h/' not found"],
    ['other', 'fatal: bad object HEAD'],
  ])('means %s: %s', (trouble, stderr) => {
    expect(readRemoteTrouble(stderr)).toBe(trouble);
  });

  it('is told in one line, without progress, hints and credentials', () => {
    const stderr =
      'remote: Counting objects:  50% (1/2)\rremote: Counting objects: 100% (2/2), done.\nTo https://me:pw@h/x\n' +
      "remote: no way\nerror: failed to push to 'https://me:pw@h/x'\nhint: try again\n";

    expect(essence(stderr)).toBe("remote: no way; failed to push to 'https://***@h/x'");
    expect(withoutCredentials('ssh://git@h/x and https://h/a@b')).toBe('ssh://***@h/x and https://h/a@b');
    expect(essence('')).toBe('git gave no reason');
  });
});
