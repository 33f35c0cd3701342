/** What the results of each tool put into the prompts, and how often they were sent from then on. Pure. */
import type { ToolResults } from '../model/profile.js';
import { addToolResults } from '../model/tool-results.js';
import type { WeighedThread } from './weigh.js';

/** By tool, what was carried most first. */
export function toolResults(threads: readonly WeighedThread[]): readonly ToolResults[] {
  return addToolResults(each(threads));
}

/** One after the other: a list of them all would be as long as the session. */
function* each(threads: readonly WeighedThread[]): Generator<ToolResults> {
  for (const thread of threads) {
    for (const [index, { calls }] of thread.requests.entries()) {
      for (const call of calls) {
        const tokens = thread.resultTokens(call);
        const errors = call.result?.isError === true ? 1 : 0;
        const carriedTokens = thread.carried(index, tokens).tokens;
        yield { tool: call.tool, calls: 1, errors, tokens, carriedTokens };
      }
    }
  }
}
