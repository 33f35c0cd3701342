import { inEachThread, laterPrompts, placedCalls } from './detector.js';
import type { Detector } from './detector.js';

/** A shorter report, in tokens, is what a summary would be. */
const longestSummary = 500;

/** Reports of subagents that stay in the prompt in full. */
export const subagentReports: Detector = {
  id: 'subagent-reports',
  rule: 'R3',
  title: 'subagents’ reports carried in full',
  recommendation:
    'Have subagents write what they found to a file and answer with its path and a summary of a few lines; read the file when it is needed.',
  find: inEachThread((thread) =>
    placedCalls(thread, (call) => call.kind === 'subagent' && thread.resultTokens(call) > longestSummary).map(
      ({ index, call }) => {
        const tokens = thread.resultTokens(call);
        const { requests, ...cost } = thread.carried(index, tokens - longestSummary);
        const characters = call.result?.characters ?? 0;
        return {
          requests: [index + 1],
          what: `${call.what}: ${characters} characters, ${tokens} tokens, in ${laterPrompts(requests)}`,
          count: 1,
          ...cost,
        };
      },
    ),
  ),
};
