/** The agent's program, as the config names it. */
import { isAbsolute, resolve } from 'node:path';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { agentEnvironment } from '../system/environment.js';
import type { OwnPrograms } from './run-settings.js';

export interface AgentOptions {
  readonly surroundings: Surroundings;
  readonly config: Pick<Config, 'agent' | 'cache'>;
  /** Left out: the agent gets neither tools nor hooks of ours. */
  readonly programs?: OwnPrograms;
}

/** A program given by a relative path is the repository's; the run itself takes place in a worktree. */
export function agentCommand(
  { config, surroundings }: AgentOptions,
  args: readonly string[],
): [string, ...string[]] {
  const [program = 'claude', ...own] = config.agent.command;
  const isRelativePath = program.includes('/') && !isAbsolute(program);
  return [isRelativePath ? resolve(surroundings.root, program) : program, ...own, ...args];
}

/** The environment outside of a run. */
export function agentEnv({ config, surroundings }: AgentOptions): Record<string, string> {
  return agentEnvironment(surroundings.env, {
    names: config.agent.env,
    settings: { DISABLE_AUTOUPDATER: '1' },
  });
}

/** The error when there is no such program. */
export function missingProgram({ config }: AgentOptions, cause: Error): RegenError {
  return new RegenError(
    'environment',
    `the agent "${config.agent.command[0]}" could not be started: ${cause.message}`,
    {
      hint: 'Install Claude Code (npm install -g @anthropic-ai/claude-code), or set agent.command in regen.yaml.',
      cause,
    },
  );
}
