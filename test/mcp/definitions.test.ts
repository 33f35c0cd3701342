import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { controlTools } from '../../src/mcp/control.js';
import { definitions } from '../../src/mcp/definitions.js';
import type { ToolDefinition } from '../../src/mcp/tool.js';
import { schemaSizes, toolName } from '../../src/model/agent-tools.js';
import type { AgentTool } from '../../src/model/agent-tools.js';

/** As the API gets it. */
const sent = ({ name, description, inputSchema }: ToolDefinition): string =>
  JSON.stringify({ name: toolName(name as AgentTool), description, input_schema: inputSchema });

describe('the schemas of the tools', () => {
  it('have the sizes that prompts are reckoned with', () => {
    const sizes = Object.fromEntries(Object.values(definitions).map((one) => [one.name, sent(one).length]));

    expect(sizes).toEqual(schemaSizes);
  });

  it('have the sizes that docs/mcp.md tells, and the tokens that follow', async () => {
    const page = await readFile(new URL('../../docs/mcp.md', import.meta.url), 'utf8');
    const control = controlTools(() => Promise.reject(new Error('not run')));
    const all = [...Object.values(definitions), ...control.map(({ definition }) => definition)];

    for (const tool of all) {
      const size = sent(tool).length;
      expect(page).toContain(`| \`${tool.name}\` | ${size} | ${Math.ceil(size / 3.5)} |`);
    }
  });
});
