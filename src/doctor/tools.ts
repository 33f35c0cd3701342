/** The programs of `checks.tools`, and whether their versions will do. */
import { toolDemands } from '../model/tool-version.js';
import { toolFlaws } from '../system/tool-flaws.js';
import { missing, notLookedAt, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

export async function examineTools(root: string, site: Site, signal: AbortSignal): Promise<Finding> {
  const { config, outside } = site;
  if (config === null) return notLookedAt('regen.yaml says what is needed', 'config');
  const demands = toolDemands(config.checks.tools);
  const found = await toolFlaws(config.checks, { root, env: outside.env }, signal);
  if (found.length === 0) {
    return ok(
      demands.length === 0
        ? 'checks.tools asks for none'
        : demands.map(({ name, range }) => `${name} ${range}`).join(', '),
    );
  }
  return missing(found.join('; '), 'Install what is missing, or correct checks.tools in regen.yaml.');
}
