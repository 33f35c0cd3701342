import { inEachThread, laterPrompts, placedCalls } from './detector.js';
import type { Detector } from './detector.js';

/** Outputs from this size on are worth a word; of what is cut down, this much stays. Tokens. */
const large = 2000;
const digest = 500;

/** Outputs of commands, tests and searches that stay in the prompt in full. */
export const largeOutputs: Detector = {
  id: 'large-outputs',
  rule: 'R4',
  title: 'large tool outputs carried in full',
  recommendation:
    'Show the end, or what matters, of a long output (quiet flags, "| tail -40", a digest of the failures) and keep the rest in a file; read parts of large files.',
  find: inEachThread((thread) =>
    placedCalls(thread, (call) => call.kind !== 'subagent' && thread.resultTokens(call) >= large).map(
      ({ index, call }) => {
        const tokens = thread.resultTokens(call);
        const { requests, ...cost } = thread.carried(index, tokens - digest);
        return {
          requests: [index + 1],
          what: `${call.tool} ${call.what}: ${tokens} tokens, in ${laterPrompts(requests)}`,
          count: 1,
          ...cost,
        };
      },
    ),
  ),
};
