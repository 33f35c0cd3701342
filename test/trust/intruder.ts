/** An agent that does its work and then whatever it should not, in a world that is looked over afterwards. */
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Script } from '../../src/demo/model/conversation.js';
import { say, use } from '../../src/demo/model/reply.js';
import type { ScriptedReply, ToolCall } from '../../src/demo/model/reply.js';
import type { ScriptedRequest } from '../../src/demo/model/request.js';
import { runGit } from '../support/git-repo.js';
import { poemConfig, poemFiles } from '../support/poems.js';
import { withoutPlan, tracesOf } from '../support/traces.js';
import type { Traces } from '../support/traces.js';
import { makeWorld } from '../support/world.js';
import type { CommandRun, World, WorldLiteral } from '../support/world.js';

export const file = 'poems/autumn/voices/bold.txt';

/** Bash is allowed whatever it is told, so that regen's own guards are what stands in the way. */
export const boldConfig = poemConfig({ ship: '  to: branch' })
  .replace('agent:\n', 'agent:\n  allow: [Bash]\n')
  .replace('repairs: 1', 'repairs: 0');

/** A plan of one item, as a person would have it. */
export const boldPlan = `# Regen plan: autumn

- Target: \`autumn\`
- Plan created: \`2026-05-02T13:50:00Z\`

## Items

- [ ] bold

## Log
`;

/** As it stands: Claude Code looks at the paths in it, and refuses some although Bash is allowed. */
export function plainBash(command: string): ToolCall {
  return { name: 'Bash', input: { command, description: 'Work' } };
}

/** In the worktree, the main checkout is three folders up. Spelled so that nothing of it is looked at beforehand. */
export function bash(command: string): ToolCall {
  return plainBash(`printf %s ${Buffer.from(command).toString('base64')} | base64 -d | sh`);
}

type Author = (request: ScriptedRequest) => ScriptedReply;

/** Writes the item anew as asked, makes the calls one after the other, and says that it is done. */
export function intruder(...calls: readonly ToolCall[]): Author {
  return onlyCalls(
    { name: 'Read', input: { file_path: file } },
    { name: 'Write', input: { file_path: file, content: 'new bold autumn\n' } },
    ...calls,
  );
}

/** Makes the calls and says that it is done. */
export function onlyCalls(...calls: readonly ToolCall[]): Author {
  return (request) => {
    const call = calls[request.turn - 1];
    return call === undefined ? say('Done.') : use(call);
  };
}

export interface Attack extends AsyncDisposable {
  readonly world: World;
  readonly before: Traces;
  readonly run: CommandRun;
}

/** One step of a plan with one item. */
export async function attack(
  script: Script,
  literal: Partial<WorldLiteral> & { readonly arrange?: (world: World) => Promise<unknown> } = {},
): Promise<Attack> {
  const { arrange, ...own } = literal;
  const world = await makeWorld({ files: poemFiles, config: boldConfig, script, ...own });
  await world.write({ '.regen-plan.md': boldPlan });
  await arrange?.(world);
  const before = await tracesOf(world);
  const run = await world.regen(['--json']);
  return { world, before, run, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

/** `[!]` with the reason in the plan and in the document; nothing went out, nothing ran, nothing is left. */
export async function expectFoiled({ world, run }: Attack, reason: RegExp): Promise<void> {
  expect(run).toMatchObject({ exitCode: 1, document: { outcome: 'failed', item: 'bold' } });
  expect((run.document as { reason: string }).reason).toMatch(reason);
  const plan = (await world.read('.regen-plan.md')) ?? '';
  expect(plan).toContain('- [!] bold');
  expect(/- bold: FAILED: (.*)/.exec(plan)?.[1]).toMatch(reason);
  expect(await remoteBranches(world)).toEqual(['main']);
  await expectNothingLeft(world);
}

/** The checkout as it was, but for what the attack itself could change there. */
export async function expectUnharmed({ world, before }: Attack): Promise<void> {
  const { files, git, worktrees } = withoutPlan(await tracesOf(world));
  const was = withoutPlan(before);
  expect({ files, git, worktrees }).toEqual({ files: was.files, git: was.git, worktrees: was.worktrees });
}

/** No worktree, no record of one, and no trace of a program that should not have run. */
export async function expectNothingLeft(world: World): Promise<void> {
  expect(await world.repository.git('worktree', 'list', '--porcelain')).not.toContain('.worktrees');
  await expect(access(path.join(world.root, '.worktrees'))).rejects.toThrow('ENOENT');
  expect(await exists(path.join(world.root, '.git/worktrees/bold'))).toBe(false);
  const everything = await readdir(path.dirname(world.root), { recursive: true });
  expect(everything.filter((name) => path.basename(name) === 'pwned')).toEqual([]);
}

export async function remoteBranches(world: World): Promise<string[]> {
  const listed = await runGit(world.repository.remote, [
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    'refs/heads',
  ]);
  return listed.split('\n');
}

async function exists(name: string): Promise<boolean> {
  return access(name).then(
    () => true,
    () => false,
  );
}
