/** Where finished items go. */
import { notLookedAt, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Site, Tools } from './site.js';

export async function examineForge(
  tools: Tools,
  site: Site,
  found: { readonly root: string; readonly remoteUrl: string | null },
  signal: AbortSignal,
): Promise<Finding> {
  const { config } = site;
  if (config === null) return notLookedAt('regen.yaml says where finished items go', 'config');
  if (config.ship.to !== 'github') return ok(`not needed: ship.to is ${config.ship.to}`);
  const surroundings = { ...site.outside, root: found.root };
  await tools.ensureForge({ surroundings, config, remoteUrl: found.remoteUrl }, signal);
  const where = config.ship.repository ?? 'the repository of the remote';
  return ok(`the token may open pull requests in ${where}`);
}
