import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';

const configOf = (tools: string, references = ''): string => `version: 1
targets: { glob: 'plots/*/specification.yaml' }
items: { glob: 'plots/{target}/*.py' }
prompt: { task: Redo it., ${references} }
agent: { mcp: ${tools} }
`;

it('gives the agent no tools of regen’s own by default', () => {
  const { agent, prompt } = parseConfig(configOf('[]'));

  expect([agent.mcp, agent.toolOutput, prompt.references]).toEqual([[], undefined, []]);
});

it.each([
  [
    'a mistyped tool',
    '[run_cheks]',
    '',
    '5:16: agent.mcp[0]: "run_cheks" is not run_checks, save_report, lookup_previous_results or search_style_rules; did you mean "run_checks"?',
  ],
  [
    'a tool named twice',
    '[run_checks, run_checks]',
    '',
    '5:28: agent.mcp[1]: "run_checks" is listed twice; remove one',
  ],
  [
    'a search in nothing',
    '[search_style_rules]',
    '',
    '5:16: agent.mcp[0]: "search_style_rules" has nothing to search; name documents in prompt.references, or remove it',
  ],
  [
    'documents outside',
    '[]',
    "references: ['../style/*.md']",
    '4:40: prompt.references[0]: "../style/*.md" leads out of the repository; write a path without ".."',
  ],
])('refuses %s, and says where', (_what, tools, references, problem) => {
  expect(() => parseConfig(configOf(tools, references))).toThrow(`regen.yaml:${problem}`);
});
