/** What regen keeps in the repository: the plan, and the folders beside it. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { missing, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Tools } from './site.js';

const folders = ['.regen', '.regen-history', '.worktrees'];

export async function examinePlan(root: string, tools: Tools): Promise<Finding> {
  const plan = await tools.readPlan(root);
  if (plan === null) return ok('none yet: the next step picks a target');
  return ok(`${plan.target}: ${plan.items.length} ${plan.items.length === 1 ? 'item' : 'items'}`);
}

/** A step makes the folders that it needs; what is there already has to be a folder that it can write to. */
export async function examineFolders(root: string): Promise<Finding> {
  for (const name of folders) {
    const found = await stat(path.join(root, name)).catch(() => null);
    if (found === null) continue;
    if (!found.isDirectory())
      return missing(`${name} is not a folder`, `Move it away: mv ${name} ${name}.old`);
    if (!(await isWritable(path.join(root, name))))
      return missing(`${name} can't be written to`, `chmod u+rwx ${name}, or give it to whoever runs regen.`);
  }
  if (await isWritable(root)) return ok('can be written');
  return missing(`${root} can't be written to`, 'Run regen as the user whom the clone belongs to.');
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
