/** Looks at the programs of `checks.tools`, from the repository's root. */
import { rm } from 'node:fs/promises';
import type { Config } from '../model/config.js';
import type { Surroundings } from '../model/surroundings.js';
import { toolDemands, toolFlaw } from '../model/tool-version.js';
import { runChild } from './child.js';
import { checkEnvironment } from './environment.js';
import { makeScratch } from './temporaries.js';

/** A program's version is told at once, or something is wrong with it. */
const timeoutMs = 60_000;

/** What is wrong with them, such as `node is 18.19.0, not >=20`. */
export async function toolFlaws(
  { tools, env: names }: Pick<Config['checks'], 'tools' | 'env'>,
  { root, env: outside }: Pick<Surroundings, 'root' | 'env'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const demands = toolDemands(tools);
  if (demands.length === 0) return [];
  // Package managers write into a home as soon as they are asked for their version.
  const home = await makeScratch('home');
  const env = checkEnvironment(outside, { names, home });
  const flaws = await Promise.all(
    demands.map(async (demand) => {
      const child = { command: { shell: demand.line }, cwd: root, env, timeoutMs } as const;
      const { end, stdout, stderr } = await runChild(child, signal);
      signal.throwIfAborted();
      const failure = end.kind === 'exited' ? (end.code === 0 ? null : `exit code ${end.code}`) : end.kind;
      return toolFlaw(demand, { failure, output: `${stdout}\n${stderr}` }) ?? [];
    }),
  ).finally(() => rm(home, { recursive: true, force: true }));
  return flaws.flat();
}
