/** The programs of `checks.tools`, and whether their versions will do. */
import { rm } from 'node:fs/promises';
import { runChild } from '../system/child.js';
import { checkEnvironment } from '../system/environment.js';
import { makeScratch } from '../system/temporaries.js';
import { toolDemands, toolFlaw } from '../model/tool-version.js';
import { missing, notLookedAt, ok } from './finding.js';
import type { Finding } from './finding.js';
import type { Site } from './site.js';

const timeoutMs = 60_000;

export async function examineTools(root: string, site: Site, signal: AbortSignal): Promise<Finding> {
  const { config, outside } = site;
  if (config === null) return notLookedAt('regen.yaml says what is needed', 'config');
  const demands = toolDemands(config.checks.tools);
  // Package managers write into a home as soon as they are asked for their version.
  const home = await makeScratch('home');
  const env = checkEnvironment(outside.env, { names: config.checks.env, home });
  const flaws = await Promise.all(
    demands.map(async (demand) => {
      const child = { command: { shell: demand.line }, cwd: root, env, timeoutMs } as const;
      const { end, stdout, stderr } = await runChild(child, signal);
      signal.throwIfAborted();
      const failure = end.kind === 'exited' ? (end.code === 0 ? null : `exit code ${end.code}`) : end.kind;
      return toolFlaw(demand, { failure, output: `${stdout}\n${stderr}` }) ?? [];
    }),
  ).finally(() => rm(home, { recursive: true, force: true }));
  const found = flaws.flat();
  if (found.length === 0) {
    return ok(
      demands.length === 0
        ? 'checks.tools asks for none'
        : demands.map(({ name, range }) => `${name} ${range}`).join(', '),
    );
  }
  return missing(found.join('; '), 'Install what is missing, or correct checks.tools in regen.yaml.');
}
