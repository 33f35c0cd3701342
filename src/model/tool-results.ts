import type { ToolResults } from './profile.js';

/** Sums by tool, what was carried most first. */
export function addToolResults(all: Iterable<ToolResults>): readonly ToolResults[] {
  const tools = new Map<string, ToolResults>();
  for (const one of all) {
    const { calls = 0, errors = 0, tokens = 0, carriedTokens = 0 } = tools.get(one.tool) ?? {};
    tools.set(one.tool, {
      tool: one.tool,
      calls: calls + one.calls,
      errors: errors + one.errors,
      tokens: tokens + one.tokens,
      carriedTokens: carriedTokens + one.carriedTokens,
    });
  }
  return [...tools.values()].sort((one, other) => other.carriedTokens - one.carriedTokens);
}
