import { chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { claudeEnv, leanClaudePath } from '../support/claude.js';
import { gitEnvironment } from '../support/git-repo.js';
import { poemConfig, poemFiles, poet } from '../support/poems.js';
import type { Drafts } from '../support/poems.js';
import { cliPath, makeWorld } from '../support/world.js';
import type { World } from '../support/world.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** What a session that follows the command does in its next turn. */
type Session = (request: ScriptedRequest) => ScriptedReply;

interface Scene {
  readonly session?: Session;
  readonly drafts?: Drafts;
}

/** A repository with the slash command, and `regen` on the PATH; sessions and headless agents share the model. */
async function makeScene({ session = delegating, drafts }: Scene = {}) {
  const author = poet(drafts);
  const world = await makeWorld({
    files: poemFiles,
    config: poemConfig(),
    script: (request) => (isSession(request) ? session(request) : author(request)),
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  await world.regen(['init']);
  await world.write({ 'bin/regen': `#!/bin/sh\nexec '${process.execPath}' '${cliPath}' "$@"\n` });
  await chmod(path.join(world.root, 'bin/regen'), 0o755);
  return world;
}

function isSession({ firstMessage }: ScriptedRequest): boolean {
  return firstMessage.includes('<command-name>');
}

/** One call of Bash, and then the report. */
function delegating(request: ScriptedRequest): ScriptedReply {
  const [result] = request.toolResults;
  return result === undefined ? bash('regen --quiet') : say(`It said: ${result.text}`);
}

function bash(command: string): ScriptedReply {
  const input = { command, timeout: 600_000, description: 'One step of regen' };
  return use({ name: 'Bash', input });
}

/** Runs a headless session of the real binary; nothing but what the command allows is allowed. */
async function runSession(world: World, prompt: string, flags: readonly string[] = []) {
  const env = {
    ...gitEnvironment(),
    ...claudeEnv(world.home, world.model.url),
    PATH: [path.join(world.root, 'bin'), path.dirname(leanClaudePath), process.env['PATH']].join(
      path.delimiter,
    ),
  };
  const before = world.model.requests.length;
  const run = await execa(leanClaudePath, ['-p', prompt, '--output-format', 'json', ...flags], {
    cwd: world.root,
    env,
    extendEnv: false,
    input: '',
    reject: false,
  });
  const asked = world.model.requests
    .slice(before)
    .flatMap(({ scripted }) => scripted?.request ?? [])
    .filter(isSession);
  const { result } = JSON.parse(run.stdout) as { readonly result: string }; // what --output-format json prints
  return { exitCode: run.exitCode, result, asked };
}

/** The bytes that tools brought into a session, as the model received them. */
function broughtBack(asked: readonly ScriptedRequest[]): number {
  const blocks = asked.at(-1)?.body.messages.flatMap(({ content }) => content) ?? [];
  const results = blocks.filter(({ type }) => type === 'tool_result');
  return Buffer.byteLength(results.map((block) => JSON.stringify(block['content'])).join(''));
}

function statesOf(plan: string | null): string[] {
  return (plan ?? '').split('\n').filter((line) => line.startsWith('- ['));
}

test('delegated, /regen takes one step and brings back at most a kilobyte', async () => {
  const world = await makeScene();

  const planned = await runSession(world, '/regen');
  const shipped = await runSession(world, '/regen');

  expect(planned.result).toMatch(/^It said: Planned autumn: 3 items to do/);
  expect(shipped.result).toMatch(
    /^It said: autumn\/bold shipped\n[\s\S]*2 items left\. Run regen for the next\.$/,
  );
  for (const { exitCode, asked } of [planned, shipped]) {
    expect(exitCode).toBe(0);
    expect(asked).toHaveLength(2);
    expect(broughtBack(asked)).toBeLessThanOrEqual(1024);
  }
  expect(statesOf(await world.read('.regen-plan.md'))).toEqual(['- [x] bold', '- [ ] calm', '- [ ] wry']);
});

test('an item that fails is reported with its exit status and the way to set it back', async () => {
  const world = await makeScene({ drafts: { bold: ['stale once\n', 'stale twice\n'] } });
  await world.regen(['plan']);

  const { result, asked } = await runSession(world, '/regen');

  expect(result).toMatch(/^It said: Exit code 1\nautumn\/bold failed: check "new" failed/);
  expect(result).toContain('"regen retry bold" sets it back.');
  expect(broughtBack(asked)).toBeLessThanOrEqual(1024);
  expect(statesOf(await world.read('.regen-plan.md'))[0]).toBe('- [!] bold');
});

test('a step that has to wait is reported as such, with the time', async () => {
  const world = await makeScene();
  await world.regen(['plan']);
  await world.regen(['item', 'start']);

  const { result, asked } = await runSession(world, '/regen');

  expect(result).toMatch(/^It said: Exit code 75\nWaiting[\s\S]*Run regen again at or after \d{4}-/);
  expect(broughtBack(asked)).toBeLessThanOrEqual(1024);
});

test('an error of any length comes back within the kilobyte', async () => {
  const world = await makeScene();
  const unknown = Array.from({ length: 40 }, (_, index) => `unknown_${index}: true\n`).join('');
  await world.write({ 'regen.yaml': poemConfig({ more: unknown }) });

  const { result, asked } = await runSession(world, '/regen');

  expect(result).toMatch(/^It said: Exit code 2\nregen: regen\.yaml:\d+:1: unknown_0: /);
  expect(broughtBack(asked)).toBeLessThanOrEqual(1024);
});

test('with --here the session does the work itself, stage by stage, in the worktree it is given', async () => {
  const world = await makeScene({ session: working });
  await world.regen(['plan']);

  const { result, asked } = await runSession(world, '/regen --here');

  expect(asked[0]?.firstMessage).toContain('Arguments: --here');
  expect(result).toMatch(/^It said: autumn\/bold shipped/);
  expect(statesOf(await world.read('.regen-plan.md'))[0]).toBe('- [x] bold');
  const branch = 'refs/heads/regen/autumn/bold';
  expect(await world.repository.git('ls-remote', 'origin', branch)).toContain(branch);
  expect(await world.read('poems/autumn/voices/bold.txt')).toBe(poemFiles['poems/autumn/voices/bold.txt']);
});

/** start → write → check → ship → report. */
function working({ toolResults }: ScriptedRequest): ScriptedReply {
  const last = toolResults.at(-1)?.text ?? '';
  switch (toolResults.length) {
    case 0:
      return bash('regen --quiet item start');
    case 1: {
      const worktree = /Work in (\S+) only/.exec(last)?.[1] ?? '';
      const file_path = `${worktree}/poems/autumn/voices/bold.txt`;
      const content = 'new and bold\n';
      return use({ name: 'Read', input: { file_path } }, { name: 'Write', input: { file_path, content } });
    }
    case 3:
      return bash('regen --quiet item check');
    case 4:
      return bash('regen --quiet item ship');
    default:
      return say(`It said: ${last}`);
  }
}

test('the command allows regen and the worktrees, and nothing else', async () => {
  const outside = { file_path: 'notes.txt', content: 'x\n' };
  const world = await makeScene({
    session: ({ turn, toolResults }) =>
      turn === 1
        ? use(
            { name: 'Bash', input: { command: 'git push origin HEAD', description: 'Push' } },
            { name: 'Write', input: outside },
          )
        : say(toolResults.map(({ isError }) => (isError ? 'denied' : 'allowed')).join()),
  });

  const { result } = await runSession(world, '/regen');

  expect(result).toBe('denied,denied');
  expect(await world.read('notes.txt')).toBeNull();
});

test('until it is called, the command costs a session nothing, and the model can’t call it by itself', async () => {
  const seen: string[] = [];
  const world = await makeWorld({
    files: poemFiles,
    config: poemConfig(),
    script: ({ body }) => {
      seen.push(JSON.stringify(body));
      return say('Hello.');
    },
  });
  onTestFinished(() => world[Symbol.asyncDispose]());
  await world.regen(['init']);

  await runSession(world, 'Hello');

  expect(seen).toHaveLength(1);
  expect(seen[0]).not.toContain('One step of regen');
});

test('the repository is a plugin: its manifests are valid, and it brings the same command', async () => {
  const world = await makeScene();
  const env = { ...claudeEnv(world.home, world.model.url), PATH: process.env['PATH'] ?? '' };

  const validations = await Promise.all(
    ['plugin.json', 'marketplace.json'].map((manifest) =>
      execa(
        leanClaudePath,
        ['plugin', 'validate', '--strict', path.join(project, '.claude-plugin', manifest)],
        {
          env,
          extendEnv: false,
          reject: false,
        },
      ),
    ),
  );
  const { result } = await runSession(world, '/regen:regen', ['--plugin-dir', project]);

  expect(validations.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(result).toMatch(/^It said: Planned autumn/);
});

test('init installs the very text of the package, and the manifests name its version', async () => {
  const world = await makeScene();
  const read = async (file: string) => readFile(path.join(project, file), 'utf8');
  const manifest: unknown = JSON.parse(await read('.claude-plugin/plugin.json'));
  const { version } = JSON.parse(await read('package.json')) as { readonly version: string };

  expect(await world.read('.claude/commands/regen.md')).toBe(await read('commands/regen.md'));
  expect(manifest).toMatchObject({ name: 'regen', version });
});
