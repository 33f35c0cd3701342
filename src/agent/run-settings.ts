/** What a run gets besides its prompt: regen's own tools, and hooks that keep long outputs out of the conversation. Pure. */
import { serverName, serverVariables, toolName, usualToolOutput } from '../model/agent-tools.js';
import { reportsFolder } from '../model/attempt.js';
import type { Attempt } from '../model/attempt.js';
import type { AgentConfig } from '../model/config.js';
import { shellQuote } from '../model/template.js';

/** Where our own programs are, and what their server is told. */
export interface OwnPrograms {
  /** Node, absolute. */
  readonly node: string;
  /** The command line's file, absolute. */
  readonly cli: string;
  /** The hook's file, absolute; null: it isn't there. */
  readonly hook: string | null;
  /** `--config`, absolute; left out: regen.yaml. */
  readonly configFile?: string | undefined;
  /** What the checks of run_checks need of our environment, and the agent's own doesn't have. */
  readonly checkEnv: Readonly<Record<string, string>>;
}

interface RunFacts {
  readonly agent: AgentConfig;
  readonly attempt: Pick<Attempt, 'uuid' | 'directory'>;
  readonly root: string;
  readonly programs: OwnPrograms;
}

/** The content of `--mcp-config`; null: the agent gets no tool of ours. */
export function serverConfig({ agent, attempt, root, programs }: RunFacts): object | null {
  if (agent.mcp.length === 0) return null;
  const { cli, node, configFile, checkEnv } = programs;
  const env = {
    ...checkEnv,
    [serverVariables.root]: root,
    [serverVariables.attempt]: attempt.uuid,
    ...(configFile === undefined ? {} : { [serverVariables.config]: configFile }),
  };
  const server = {
    ...{ type: 'stdio', command: node, args: [cli, 'mcp'], env },
    timeout: agent.timeout, // a check may take as long as the whole run
    alwaysLoad: true, // its tools are there from the first request on, and are never only searched for
  };
  return { mcpServers: { [serverName]: server } };
}

/** The content of `--settings`; null: there is nothing to set. */
export function runSettings(facts: RunFacts): object | null {
  const { agent, attempt } = facts;
  const hooks = hooksOf(facts);
  // What an answer names can be read although it lies outside of the worktree.
  const folders = [reportsFolder(attempt), `${attempt.directory}/run-checks`];
  const isAsked = agent.mcp.length > 0 || hooks !== null;
  const allow = [...agent.mcp.map(toolName), ...folders.map((folder) => `Read(/${folder}/**)`)];
  return isAsked ? { permissions: { allow }, ...(hooks === null ? {} : { hooks }) } : null;
}

/** `agent.toolOutput`; null: custom, and nobody asked. */
function toolOutputOf({ profile, toolOutput }: Pick<AgentConfig, 'profile' | 'toolOutput'>): number | null {
  return toolOutput ?? (profile === 'custom' ? null : usualToolOutput);
}

/** What Claude Code cuts by itself: all of it goes to a file, and the model is shown its beginning and the path. */
export function outputEnvironment(
  agent: Pick<AgentConfig, 'profile' | 'toolOutput'>,
): Record<string, string> {
  const limit = toolOutputOf(agent);
  if (limit === null) return {};
  return { BASH_MAX_OUTPUT_LENGTH: String(limit), MAX_MCP_OUTPUT_TOKENS: String(Math.ceil(limit / 4)) };
}

function hooksOf({ agent, attempt, programs: { hook, node } }: RunFacts): object | null {
  const limit = toolOutputOf(agent);
  if (hook === null || limit === null) return null;
  // Under custom, agent.command says which tools there are.
  const has = (...tools: readonly string[]): string[] =>
    agent.profile === 'custom' ? [...tools] : tools.filter((tool) => agent.tools.includes(tool));
  const agents = has('Task', 'Agent').length > 0 ? ['Agent', 'Task'] : [];
  const words = [
    node,
    hook,
    reportsFolder(attempt),
    String(limit),
    ...agent.mcp.filter((tool) => tool === 'save_report'),
  ];
  const command = words.map(shellQuote).join(' ');
  const on = (tools: readonly string[]): object[] =>
    tools.length === 0
      ? []
      : [{ matcher: tools.join('|'), hooks: [{ type: 'command', command, timeout: 10 }] }];
  const [before, after] = [on([...agents, ...has('Read')]), on([...agents, ...has('Grep')])];
  if (before.length + after.length === 0) return null;
  return { PreToolUse: before, PostToolUse: after };
}
