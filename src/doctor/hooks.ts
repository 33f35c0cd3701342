/** Git hooks: regen commits and pushes without them, because an agent could have planted one. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ok, warning } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

export async function examineHooks(root: string, site: Site, signal: AbortSignal): Promise<Finding> {
  const hooks = await listHooks(await hooksFolder(root, site, signal));
  if (hooks.length === 0) return ok('none');
  const names =
    hooks.length > 4 ? `${hooks.slice(0, 3).join(', ')} and ${hooks.length - 3} more` : hooks.join(', ');
  if ((site.config?.checks.run.length ?? 0) > 0) return ok(`${names}: not run; the checks of regen.yaml are`);
  return warning(`${names}: regen commits and pushes without them`, 'Put what they check under checks.run.');
}

async function hooksFolder(root: string, { git }: Site, signal: AbortSignal): Promise<string> {
  const args = ['config', '--type=path', '--null', '--get-all', 'core.hooksPath'];
  const configured = (await git.run(args, signal)).stdout.split('\0');
  // Our own git sets /dev/null, in the last place.
  const chosen = configured.filter((folder) => folder !== '' && folder !== '/dev/null').at(-1);
  if (chosen !== undefined) return path.resolve(root, chosen);
  const { stdout } = await git.run(['rev-parse', '--git-common-dir'], signal);
  return path.resolve(root, stdout.replace(/\n$/, ''), 'hooks');
}

async function listHooks(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.includes('.')).toSorted();
  const found = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => null)));
  // Unless it may be executed, git passes over it.
  return names.filter((_, index) => found[index]?.isFile() === true && (found[index].mode & 0o111) !== 0);
}
