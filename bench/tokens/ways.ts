/** The ways of doing nine items: a plain `claude -p` per item, and regen. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Script } from '../../src/demo/model/conversation.js';
import { claudeEnv, claudePath, startModel } from '../../test/support/claude.js';
import { makeRepository, runGit } from '../../test/support/git-repo.js';
import { makeWorld } from '../../test/support/world.js';
import { billOf } from './bill.js';
import type { PlanBill } from './bill.js';
import { items, repositoryFiles, task } from './catalog.js';
import type { Content, Shared } from './catalog.js';

interface Work {
  readonly shared: Shared;
  readonly script: Script;
  readonly content: Content;
}

/** As loops of a few lines of shell do it: a worktree, everything in the prompt, all permissions, nothing else said. */
export async function plainClaude({ shared, script, content }: Work): Promise<PlanBill> {
  const repository = await makeRepository({ files: repositoryFiles(shared, content) });
  const model = await startModel(script);
  try {
    const home = path.join(path.dirname(repository.root), 'home');
    await mkdir(home);
    for (const item of items) {
      const worktree = path.join(path.dirname(repository.root), 'trees', item);
      await runGit(repository.root, ['worktree', 'add', '--detach', worktree]);
      const flags = ['-p', '--dangerously-skip-permissions', '--model', 'sonnet'];
      await execa(claudePath, flags, {
        cwd: worktree,
        env: claudeEnv(home, model.url),
        extendEnv: false,
        input: `${shared.rules}\n${shared.specification}\n${task(item)}\n`,
      });
      await rm(worktree, { recursive: true });
    }
    return billOf(model);
  } finally {
    await model.close();
    await repository.cleanup();
  }
}

export interface OwnWork extends Work {
  /** Lines of the `agent` section, two blanks in. */
  readonly agent?: string;
}

export async function regenRun({ shared, script, content, agent = '' }: OwnWork): Promise<PlanBill> {
  await using world = await makeWorld({
    files: repositoryFiles(shared, content),
    config: configOf(agent),
    script,
  });
  const run = await world.regen(['run', '--json']);
  if (run.exitCode !== 0)
    throw new Error(`regen run ended with ${String(run.exitCode)}\n${run.stdout}${run.stderr}`);
  return billOf(world.model);
}

function configOf(agent: string): string {
  return `version: 1
targets: { list: [scatter] }
items: { glob: 'catalog/{target}/items/*.md' }
prompt:
  static: [prompts/rules.md]
  target: ['catalog/{target}/specification.md']
  task: "${task('{item}').replaceAll('scatter/', '{target}/')}"
agent:
  allow: ['Bash(node tests/suite.mjs *)']
${agent}checks:
  run:
    - { name: suite, run: 'node tests/suite.mjs {item}' }
ship: { to: branch }
`;
}
