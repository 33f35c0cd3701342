/** The tools of `regen mcp` that a config may give to a step's agent (`agent.mcp`). Pure. */

export const agentTools = [
  'run_checks',
  'save_report',
  'lookup_previous_results',
  'search_style_rules',
] as const;

export type AgentTool = (typeof agentTools)[number];

/** Characters of each tool's schema as it is sent; a test holds them against the schemas. */
export const schemaSizes: Readonly<Record<AgentTool, number>> = {
  run_checks: 354,
  save_report: 264,
  lookup_previous_results: 202,
  search_style_rules: 229,
};

/** Those that have something to do: run_checks needs checks. */
export function usefulTools(
  mcp: readonly AgentTool[],
  { run }: { readonly run: readonly unknown[] },
): AgentTool[] {
  return mcp.filter((tool) => tool !== 'run_checks' || run.length > 0);
}

/** How Claude Code calls the tool: the server's name is part of it. */
export function toolName(tool: AgentTool): string {
  return `mcp__${serverName}__${tool}`;
}

/** The server's name in the agent's configuration. */
export const serverName = 'regen';

/** The environment that tells the server which attempt it works for. */
export const serverVariables = {
  /** The repository's root, absolute. */
  root: 'REGEN_ROOT',
  /** The attempt's UUID; by it a sweep knows the server and everything that it starts. */
  attempt: 'REGEN_ATTEMPT',
  /** `--config`, absolute; left out: regen.yaml. */
  config: 'REGEN_CONFIG',
} as const;

/** Characters of a tool's output that stay in the conversation, unless `agent.toolOutput` says otherwise. */
export const usualToolOutput = 16_000;

/** Characters of a subagent's report that stay in the conversation; all of it is in a file. */
export const longestReport = 1500;
