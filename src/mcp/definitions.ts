/**
 * The schemas of the agent's tools. They are sent with every request and stand at the front of the cached prefix, so they
 * are short and nothing in them varies: no item, no folder, no date. docs/mcp.md has what each of them costs.
 */
import type { AgentTool } from '../model/agent-tools.js';
import type { ToolDefinition } from './tool.js';

export const definitions: Readonly<Record<AgentTool, ToolDefinition>> = {
  run_checks: {
    name: 'run_checks',
    description:
      'Run the checks your work has to pass: one call that waits and returns a short digest. Use it instead of running tests yourself. names: only these; again: even if nothing changed.',
    inputSchema: {
      type: 'object',
      properties: { names: { type: 'array', items: { type: 'string' } }, again: { type: 'boolean' } },
    },
  },
  save_report: {
    name: 'save_report',
    description: 'Save findings over 1,500 characters to a file. Then answer with one line and its path.',
    inputSchema: {
      type: 'object',
      properties: { title: { type: 'string' }, text: { type: 'string' } },
      required: ['title', 'text'],
    },
  },
  lookup_previous_results: {
    name: 'lookup_previous_results',
    description: 'Scores, weaknesses and failed checks of earlier work at this item.',
    inputSchema: { type: 'object', properties: { item: { type: 'string' } } },
  },
  search_style_rules: {
    name: 'search_style_rules',
    description: "Search the project's style rules by keywords; returns the passages that fit.",
    inputSchema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
};
