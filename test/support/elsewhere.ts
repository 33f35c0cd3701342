/** What happens from outside: somebody at work in a clone of their own, or a kill. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runGit, writeFiles } from './git-repo.js';
import type { World } from './world.js';

/** A file's text, or what becomes of the text that it has. */
export type Edit = string | ((text: string) => string);

/** A commit on top of the remote's branch, pushed there. */
export async function commitElsewhere(
  { repository }: Pick<World, 'repository'>,
  branch: string,
  edits: Readonly<Record<string, Edit>>,
  trailers = '',
): Promise<void> {
  const clone = await cloneAt(repository.remote, branch);
  for (const [file, edit] of Object.entries(edits)) {
    const text = typeof edit === 'string' ? edit : edit(await readFile(path.join(clone, file), 'utf8'));
    await writeFiles(clone, { [file]: text });
  }
  await runGit(clone, ['add', '--all']);
  await runGit(clone, [...somebody, 'commit', '--quiet', '--message', `By somebody\n\n${trailers}`]);
  await runGit(clone, ['push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`]);
}

/** Those of a commit that another clone's regen made. */
export function trailersOf(item: string): string {
  return ['Regen-Target: guide', `Regen-Item: ${item}`, `Regen-Attempt: ${randomUUID()}`].join('\n');
}

/** What another clone's regen ships from the remote's main, pushed as that branch. */
export async function shipElsewhere(
  { repository }: Pick<World, 'repository'>,
  {
    branch,
    item,
    edits,
  }: { readonly branch: string; readonly item: string; readonly edits: Readonly<Record<string, string>> },
): Promise<void> {
  const clone = await cloneAt(repository.remote, 'main');
  await writeFiles(clone, edits);
  await runGit(clone, ['add', '--all']);
  await runGit(clone, [...somebody, 'commit', '--quiet', '--message', `Shipped\n\n${trailersOf(item)}`]);
  await runGit(clone, ['push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`]);
}

/** Merges the remote's branch into its main. @throws when they conflict */
export async function mergeElsewhere(
  { repository }: Pick<World, 'repository'>,
  branch: string,
): Promise<void> {
  const clone = await cloneAt(repository.remote, 'main');
  await runGit(clone, [...somebody, 'merge', '--quiet', '--no-edit', `origin/${branch}`]);
  await runGit(clone, ['push', '--quiet', 'origin', 'HEAD:refs/heads/main']);
}

interface KillAt {
  /** The remote's. */
  readonly hook: 'post-receive' | 'update';
  /** A command that the remote runs first. */
  readonly before?: string;
}

/** Kills the next step at the instant when the remote has what it pushed first, or at another hook of the remote. */
export async function killAtPush(
  world: Pick<World, 'repository' | 'start'>,
  { hook: name, before = ':' }: KillAt = { hook: 'post-receive' },
): Promise<void> {
  const [hook, pid] = [name, 'regen.pid'].map((file) =>
    path.join(world.repository.remote, 'hooks', file),
  ) as [string, string];
  await writeFile(hook, `#!/bin/sh\n${before}\nkill -9 "$(cat '${pid}')"\n`, { mode: 0o755 });
  const step = world.start([]);
  await writeFile(pid, String(step.pid));
  await once(step, 'exit');
  await rm(hook);
  if (step.signalCode !== 'SIGKILL') throw new Error(`it ended by itself, with ${String(step.exitCode)}`);
}

const somebody = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.invalid'];

/** Beside the remote, and removed with it. */
async function cloneAt(remote: string, branch: string): Promise<string> {
  const folder = await mkdtemp(path.join(path.dirname(remote), 'clone-'));
  await runGit(folder, ['clone', '--quiet', '--branch', branch, remote, '.']);
  return folder;
}
