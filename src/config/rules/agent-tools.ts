/** The tools that the agent is given have what they need. */
import type { Config } from '../../model/config.js';
import { showValue } from '../problem.js';
import type { Problem } from '../problem.js';
import { repeated } from './naming.js';

export function checkAgentTools({ agent, prompt }: Config): Problem[] {
  const { mcp } = agent;
  const twice = repeated(mcp).map((index): Problem => {
    return {
      path: ['agent', 'mcp', index],
      at: 'value',
      text: `${showValue(mcp[index])} is listed twice; remove one`,
    };
  });
  const search = mcp.indexOf('search_style_rules');
  if (search === -1 || prompt.references.length > 0) return twice;
  const text =
    '"search_style_rules" has nothing to search; name documents in prompt.references, or remove it';
  return [...twice, { path: ['agent', 'mcp', search], at: 'value', text }];
}
