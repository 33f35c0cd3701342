/** The files that `prompt` names, on the base. Those with a target or an item in their path are looked for by each step. */
import type { Config } from '../model/config.js';
import { isTaskFile } from '../model/prompt.js';
import { missing, notLookedAt, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

export async function examinePromptFiles(site: Site, signal: AbortSignal): Promise<Finding> {
  const { config, git } = site;
  if (config === null) return notLookedAt('regen.yaml says which files are sent', 'config');
  const base = await git.run(['rev-parse', '--verify', '--quiet', `refs/remotes/${config.base}`], signal);
  if (base.exitCode !== 0) return notLookedAt(`${config.base} was never fetched`, 'base');
  const named = filesOf(config);
  const listed = await git.run(['ls-tree', '-z', '--name-only', base.stdout.trim(), '--', ...named], signal);
  const there = new Set(listed.stdout.split('\0'));
  const absent = named.filter((path) => !there.has(path));
  if (named.length === 0) return ok('none but those of a target or an item');
  if (absent.length === 0) return ok(named.join(', '));
  return missing(
    `not in ${config.base}: ${absent.join(', ')}`,
    'Commit and push them, or correct prompt in regen.yaml: prompts are read from the base.',
  );
}

/** Without those whose path differs between targets or items. */
function filesOf({ prompt }: Config): readonly string[] {
  const task = isTaskFile(prompt.task) ? [prompt.task] : [];
  const all = [...prompt.static, ...prompt.target, ...prompt.item, ...task];
  return [...new Set(all)].filter((path) => !/\{(?:target|item)\}/.test(path));
}
