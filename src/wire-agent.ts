/** The part of the composition root for the agent: what it gets of ours besides the prompt. */
import { access, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { OwnPrograms } from './agent/run-settings.js';
import { usefulTools } from './model/agent-tools.js';
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import { namedEnvironment } from './system/environment.js';

interface AgentParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly programs: OwnPrograms;
}

/** @param configFile - `--config`; left out: regen.yaml. */
export async function agentParts(
  surroundings: Surroundings,
  config: Config,
  configFile: string | undefined,
): Promise<AgentParts> {
  const { agent, checks } = config;
  return {
    surroundings,
    config: { ...config, agent: { ...agent, mcp: usefulTools(agent.mcp, checks) } },
    programs: await ownPrograms(namedEnvironment(surroundings.env, checks.env), configFile),
  };
}

/** Bundled, the hook lies beside the command line; run from its sources, regen has none, and nothing is cut. */
async function ownPrograms(
  checkEnv: Readonly<Record<string, string>>,
  configFile: string | undefined,
): Promise<OwnPrograms> {
  const cli = await realpath(process.argv[1] ?? '');
  const hook = path.join(path.dirname(cli), 'hook.js');
  const isThere = await access(hook).then(
    () => true,
    () => false,
  );
  return { node: process.execPath, cli, hook: isThere ? hook : null, configFile, checkEnv };
}
