import { randomUUID } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { examine, exitStatusOf } from '../../src/doctor/examine.js';
import type { Diagnosis } from '../../src/doctor/examine.js';
import { wireDoctor } from '../../src/wire-setup.js';
import { claudePath } from '../support/claude.js';
import { startForge } from '../support/forge.js';
import type { TestForge } from '../support/forge.js';
import { gitEnvironment, makeRepository, runGit, writeFiles } from '../support/git-repo.js';
import type { TestRepository } from '../support/git-repo.js';

const config = `version: 1
targets: { glob: 'pages/{target}/*.md' }
items: { glob: 'pages/{target}/{item}.md' }
prompt: { task: Write it anew. }
agent: { command: [sh, claude.sh] }
checks:
  run: [{ name: lint, run: 'sh lint.sh {item}' }]
ship: { to: branch }
`;

let repository: TestRepository;
let forge: TestForge;

beforeEach(async () => {
  repository = await makeRepository({
    files: {
      'pages/a/one.md': '#\n',
      '.gitignore': '.regen/\n',
      'claude.sh': 'echo "2.1.197 (Claude Code)"\n',
    },
  });
  await writeFiles(repository.root, { 'regen.yaml': config });
  return () => repository.cleanup();
});

beforeAll(async () => {
  forge = await startForge({ owner: 'o', repo: 'r', remote: '/nowhere' });
});

afterAll(() => forge.stop());

async function diagnose(
  env: Readonly<Record<string, string>> = {},
  cwd = repository.root,
): Promise<Diagnosis> {
  const outside = {
    env: {
      ...gitEnvironment(),
      HOME: path.join(repository.root, '..'),
      ANTHROPIC_API_KEY: 'sk-test',
      ...env,
    },
    now: () => new Date(),
    newId: randomUUID,
    progress: () => undefined,
  };
  const tools = await wireDoctor(outside, undefined);
  return examine(tools, { cwd, outside, platform: 'linux' }, new AbortController().signal);
}

function row({ checks }: Diagnosis, name: string) {
  const { state, detail, mend } = checks.find((check) => check.name === name) ?? {};
  return { state, detail, mend };
}

test('where everything is there, every row is well', async () => {
  const diagnosis = await diagnose();

  expect(diagnosis).toEqual({
    ok: true,
    checks: [
      { name: 'git', state: 'ok', detail: expect.stringMatching(/^2\.\d+/) as string, mend: null },
      { name: 'repository', state: 'ok', detail: repository.root, mend: null },
      { name: 'config', state: 'ok', detail: 'regen.yaml is valid', mend: null },
      { name: 'plan', state: 'ok', detail: 'none yet: the next step picks a target', mend: null },
      { name: 'folders', state: 'ok', detail: 'can be written', mend: null },
      { name: 'remote', state: 'ok', detail: `origin answers: ${repository.remote}`, mend: null },
      { name: 'base', state: 'ok', detail: 'origin/main', mend: null },
      { name: 'prompt files', state: 'ok', detail: 'none but those of a target or an item', mend: null },
      { name: 'identity', state: 'ok', detail: 'Test Person <person@example.invalid>', mend: null },
      { name: 'claude', state: 'ok', detail: 'sh claude.sh, version 2.1.197', mend: null },
      { name: 'login', state: 'ok', detail: 'ANTHROPIC_API_KEY is set', mend: null },
      { name: 'forge', state: 'ok', detail: 'not needed: ship.to is branch', mend: null },
      {
        name: 'ignored files',
        state: 'ok',
        detail: 'the first step adds to .git/info/exclude: .regen-plan.md, .regen-history/, .worktrees/',
        mend: null,
      },
      { name: 'commands', state: 'ok', detail: 'found: sh', mend: null },
      { name: 'tools', state: 'ok', detail: 'checks.tools asks for none', mend: null },
      { name: 'hooks', state: 'ok', detail: 'none', mend: null },
    ],
  });
  expect(exitStatusOf(diagnosis)).toBe(0);
  expect(await repository.git('status', '--porcelain')).toBe('?? regen.yaml');
});

test('a plan that can’t be read, a file where a folder belongs, and a shallow clone are told of', async () => {
  const root = path.join(repository.root, '..', 'shallow');
  await runGit(path.dirname(root), ['clone', '--quiet', '--depth=1', `file://${repository.remote}`, root]);
  await writeFiles(root, {
    'regen.yaml': config.replace("*.md' }", "*.md', updated: git }"),
    '.regen-plan.md': '# Regen plan: a\n\n- Target: `a`\n\n## Items\n\n- [?] one\n',
    '.regen': 'not a folder\n',
  });

  const diagnosis = await diagnose({}, root);

  expect(row(diagnosis, 'plan')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('.regen-plan.md:7') as string,
  });
  expect(row(diagnosis, 'folders')).toEqual({
    state: 'missing',
    detail: '.regen is not a folder',
    mend: 'Move it away: mv .regen .regen.old',
  });
  expect(row(diagnosis, 'base')).toMatchObject({ state: 'warning', mend: 'git fetch --unshallow' });
  expect(exitStatusOf(diagnosis)).toBe(2);
});

test('prompt files that the base lacks are named', async () => {
  const prompt = "prompt: { static: [rules.md, pages/a/one.md], item: ['notes/{item}.md'], task: todo.txt }";
  await writeFiles(repository.root, {
    'regen.yaml': config.replace(/^prompt: .*$/m, prompt),
    'rules.md': 'not committed\n',
  });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'prompt files')).toEqual({
    state: 'missing',
    detail: 'not in origin/main: rules.md, todo.txt',
    mend: 'Commit and push them, or correct prompt in regen.yaml: prompts are read from the base.',
  });
  expect(exitStatusOf(diagnosis)).toBe(3);
});

test('outside of a repository what can be looked at is looked at', async () => {
  const diagnosis = await diagnose({}, path.join(repository.root, '..'));

  const detail = 'not looked at: there is no repository';
  expect(diagnosis.checks.filter((check) => check.detail === detail).map(({ name }) => name)).toEqual([
    'config',
    'plan',
    'folders',
    'remote',
    'base',
    'prompt files',
    'forge',
    'ignored files',
    'commands',
    'tools',
    'hooks',
  ]);
  expect(row(diagnosis, 'repository')).toMatchObject({ state: 'missing' });
  expect(row(diagnosis, 'login')).toMatchObject({ state: 'ok' });
  expect(exitStatusOf(diagnosis)).toBe(3);
});

test('an invalid config is shown with its places, and the rest is looked at with the defaults', async () => {
  await writeFiles(repository.root, { 'regen.yaml': config.replace('version: 1', 'version: 2') });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'config')).toMatchObject({
    state: 'missing',
    detail: expect.stringMatching(/^regen\.yaml:1:10: version: 2 /) as string,
  });
  expect(row(diagnosis, 'base')).toEqual({ state: 'ok', detail: 'origin/main', mend: null });
  expect(row(diagnosis, 'commands')).toEqual({
    state: 'warning',
    detail: 'not looked at: regen.yaml says what is run',
    mend: 'Mend "config" first.',
  });
  expect(exitStatusOf(diagnosis)).toBe(2);
});

test('without regen.yaml, init is the way out', async () => {
  await writeFiles(repository.root, { 'regen.yaml': null });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'config')).toMatchObject({
    state: 'missing',
    mend: expect.stringContaining('regen init') as string,
  });
});

test('a base that is not on the remote is missing, and the remote’s own branch is proposed', async () => {
  await writeFiles(repository.root, { 'regen.yaml': `base: origin/trunk\n${config}` });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'remote').state).toBe('ok');
  expect(row(diagnosis, 'base')).toEqual({
    state: 'missing',
    detail: 'origin has no branch trunk',
    mend: 'Set base to origin/main in regen.yaml, or git push origin HEAD:refs/heads/trunk',
  });
});

test('a remote that is not there, or does not answer, is missing, and its password is not shown', async () => {
  await repository.git('remote', 'set-url', 'origin', 'http://me:secret@127.0.0.1:9/o/r.git');
  const silent = await diagnose();
  await repository.git('remote', 'rename', 'origin', 'upstream');

  const unknown = await diagnose();

  expect(row(silent, 'remote')).toMatchObject({
    state: 'missing',
    detail: expect.stringMatching(
      /^origin \(http:\/\/\*\*\*@127\.0\.0\.1:9\/o\/r\.git\) can't be read: /,
    ) as string,
    mend: '"git ls-remote origin" has to work without asking for anything.',
  });
  expect(JSON.stringify(silent)).not.toContain('secret');
  expect(row(silent, 'base').state).toBe('warning');
  expect(row(unknown, 'remote')).toEqual({
    state: 'missing',
    detail: 'there is no remote named origin',
    mend: 'Set base in regen.yaml (remotes: upstream), or git remote add origin <URL>',
  });
});

test('a repository without an identity can’t commit', async () => {
  await repository.git('config', '--unset', 'user.name');
  await repository.git('config', '--unset', 'user.email');
  await repository.git('config', 'user.useConfigOnly', 'true');

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'identity').state).toBe('missing');
});

test('without claude and without a login both rows say how to get there', async () => {
  await writeFiles(repository.root, { 'regen.yaml': config.replace('[sh, claude.sh]', '[no-such-claude]') });

  const diagnosis = await diagnose({ ANTHROPIC_API_KEY: '' });

  expect(row(diagnosis, 'claude')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('no-such-claude') as string,
    mend: expect.stringContaining('agent.command') as string,
  });
  expect(row(diagnosis, 'login')).toMatchObject({
    state: 'missing',
    mend: 'Run claude and /login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.',
  });
});

test('the true binary tells its version', async () => {
  await writeFiles(repository.root, { 'regen.yaml': config.replace('[sh, claude.sh]', `['${claudePath}']`) });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'claude')).toEqual({
    state: 'ok',
    detail: `${claudePath}, version 2.1.197`,
    mend: null,
  });
});

test('a credentials file is a login, and a local endpoint needs none', async () => {
  const folder = path.join(repository.root, '..', 'settings');
  await mkdir(folder);
  await writeFile(path.join(folder, '.credentials.json'), '{}');
  const endpoint = "agent: { endpoint: 'http://127.0.0.1:11434', command";

  const withFile = await diagnose({ ANTHROPIC_API_KEY: '', CLAUDE_CONFIG_DIR: folder });
  await writeFiles(repository.root, { 'regen.yaml': config.replace('agent: { command', endpoint) });
  const local = await diagnose({ ANTHROPIC_API_KEY: '' });

  expect(row(withFile, 'login').detail).toBe(`${folder}/.credentials.json is there`);
  expect(row(local, 'login').detail).toBe('not needed: agent.endpoint is http://127.0.0.1:11434');
});

test('pull requests need a token that GitHub accepts', async () => {
  const github = config.replace('{ to: branch }', '{ to: github, repository: o/r }');
  await writeFiles(repository.root, { 'regen.yaml': github });
  const env = { GITHUB_API_URL: forge.apiUrl };

  const accepted = await diagnose({ ...env, GITHUB_TOKEN: forge.token });
  const refused = await diagnose({ ...env, GITHUB_TOKEN: 'another' });
  const absent = await diagnose(env);

  expect(row(accepted, 'forge')).toEqual({
    state: 'ok',
    detail: 'the token may open pull requests in o/r',
    mend: null,
  });
  expect(row(refused, 'forge')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('401') as string,
  });
  expect(row(absent, 'forge')).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('GITHUB_TOKEN') as string,
  });
});

test('a repository that can’t be derived from the remote is the forge’s trouble alone', async () => {
  await writeFiles(repository.root, { 'regen.yaml': config.replace('branch }', 'github }') });

  const diagnosis = await diagnose({ GITHUB_TOKEN: 'secret' });

  expect(diagnosis.checks.filter(({ state }) => state !== 'ok').map(({ name }) => name)).toEqual(['forge']);
  expect(row(diagnosis, 'forge').mend).toContain('ship.repository');
});

test('a tracked plan is missing its place, a tracked archive only strange', async () => {
  await writeFiles(repository.root, { '.regen-history/a.md': '#\n' });
  await repository.git('add', '.regen-history');
  const archive = await diagnose();
  await writeFiles(repository.root, { '.regen-plan.md': '#\n' });
  await repository.git('add', '.regen-plan.md');

  const plan = await diagnose();

  expect(row(archive, 'ignored files')).toEqual({
    state: 'warning',
    detail: 'tracked by git: .regen-history/a.md',
    mend: 'git rm -r --cached what is not meant to be committed.',
  });
  expect(row(plan, 'ignored files')).toEqual({
    state: 'missing',
    detail: '.regen-plan.md is tracked by git',
    mend: 'git rm --cached .regen-plan.md, and commit that.',
  });
});

test('a program that the set-up needs is missing, one of a check only a warning', async () => {
  const check = config.replace('sh lint.sh', 'CI=1 no-such-lint --strict');
  await writeFiles(repository.root, { 'regen.yaml': check });
  const ofCheck = await diagnose();
  await writeFiles(repository.root, {
    'regen.yaml': check.replace('checks:', "checks:\n  setup: 'no-such-install --frozen'"),
  });

  const ofSetup = await diagnose();

  expect(row(ofCheck, 'commands')).toMatchObject({
    state: 'warning',
    detail: 'not on the PATH: no-such-lint',
  });
  expect(row(ofSetup, 'commands')).toMatchObject({
    state: 'missing',
    detail: 'not on the PATH: no-such-install, no-such-lint',
  });
});

test('a tool of another version is missing, as are those that are not there', async () => {
  const tools = "checks:\n  tools: { node: '>=99', sh: { run: 'echo 5.2' }, no-such-tool: '*' }";
  await writeFiles(repository.root, { 'regen.yaml': config.replace('checks:', tools) });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'tools')).toMatchObject({
    state: 'missing',
    detail: expect.stringMatching(
      /^node is \d+\.\d+\.\d+, not >=99; no-such-tool is not there: no-such-tool --version: exit code 127$/,
    ) as string,
  });
});

test('a config without a check is a warning', async () => {
  await writeFiles(repository.root, { 'regen.yaml': config.replace(/checks:\n.*\n/, '') });

  const diagnosis = await diagnose();

  expect(row(diagnosis, 'commands')).toEqual({
    state: 'warning',
    detail: 'no checks: whatever the agent writes is shipped',
    mend: 'Add one under checks.run in regen.yaml.',
  });
});

test('hooks that would run are named when no check stands for them', async () => {
  const hooks = path.join(repository.root, 'hooks');
  await writeFiles(repository.root, {
    'regen.yaml': config.replace(/checks:\n.*\n/, ''),
    'hooks/pre-commit': '#!/bin/sh\n',
    'hooks/pre-push': '#!/bin/sh\n',
    'hooks/commit-msg': 'not executable\n',
    'hooks/pre-rebase.sample': '#!/bin/sh\n',
  });
  for (const hook of ['pre-commit', 'pre-push', 'pre-rebase.sample'])
    await chmod(path.join(hooks, hook), 0o755);
  await repository.git('config', 'core.hooksPath', 'hooks');
  const unchecked = await diagnose();
  await writeFiles(repository.root, { 'regen.yaml': config });

  const checked = await diagnose();

  expect(row(unchecked, 'hooks')).toEqual({
    state: 'warning',
    detail: 'pre-commit, pre-push: regen commits and pushes without them',
    mend: 'Put what they check under checks.run.',
  });
  expect(row(checked, 'hooks').state).toBe('ok');
});

test('an interrupt stops the whole examination', async () => {
  const interrupt = new Error('interrupted');
  const outside = {
    env: gitEnvironment(),
    now: () => new Date(),
    newId: randomUUID,
    progress: () => undefined,
  };
  const tools = await wireDoctor(outside, undefined);
  const place = { cwd: repository.root, outside, platform: 'linux' as const };

  const diagnosis = examine(tools, place, AbortSignal.abort(interrupt));

  await expect(diagnosis).rejects.toBe(interrupt);
});
