/** Keeps our files out of git: in `info/exclude`, which no commit carries. */
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readOptional } from '../system/read-optional.js';
import { gitFailure } from './git.js';
import type { Git } from './git.js';
import type { Repository } from './repository.js';
import { planFile, trackedPlan, trackedPlanError } from './tracked-plan.js';

/** A pattern, and a path that it is there for: a folder's pattern fits only what git knows to be a folder. */
const ours: readonly { readonly pattern: string; readonly path: string }[] = [
  { pattern: '.regen-plan.md', path: planFile },
  { pattern: '.regen-history/', path: '.regen-history/file' },
  { pattern: '.worktrees/', path: '.worktrees/file' },
  { pattern: '.regen/', path: '.regen/file' },
];

/** Adds what git doesn't ignore yet; every byte that is there stays. */
export async function ensureIgnored(git: Git, repository: Repository, signal: AbortSignal): Promise<void> {
  const { commonDirectory } = await repository.places(signal);
  const listed = await git.text({ args: trackedPlan }, signal);
  if (listed !== '') throw trackedPlanError();
  const missing = await notIgnored(git, signal);
  if (missing.length === 0) return;
  const file = path.join(commonDirectory, 'info', 'exclude');
  const before = (await readOptional(file)) ?? '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, `${gap}${missing.map((pattern) => `${pattern}\n`).join('')}`);
}

async function notIgnored(git: Git, signal: AbortSignal): Promise<string[]> {
  const input = ours.map((entry) => `${entry.path}\0`).join('');
  // "--no-index": a rule counts even for what is tracked already.
  const args = ['check-ignore', '--no-index', '-z', '--stdin'];
  const result = await git.run({ args, input }, signal);
  // 1: none of them is ignored.
  if (result.exitCode > 1) throw gitFailure(args, result);
  const ignored = new Set(result.stdout.split('\0'));
  return ours.filter((entry) => !ignored.has(entry.path)).map((entry) => entry.pattern);
}
