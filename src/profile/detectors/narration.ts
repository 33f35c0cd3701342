import type { Request } from '../session.js';
import { addCosts, inEachThread } from './detector.js';
import type { Detector } from './detector.js';

/** Messages of text or thinking alone after which the model itself went on: each sent the whole prompt once more. */
export const narration: Detector = {
  id: 'narration',
  rule: 'R1',
  title: 'messages without a tool call that the model went on from by itself',
  recommendation:
    'Tell the agent to go straight to the tool: "Never send a message of text alone before a tool call; say what is to be said in the message that makes the call."',
  find: inEachThread((thread) => {
    const indexes = thread.requests.flatMap((_request, index) =>
      isBeforeTool(thread.requests, index) ? [index] : [],
    );
    if (indexes.length === 0) return [];
    const thinking = indexes.filter((index) => isThinkingOnly(thread.requests[index])).length;
    return [
      {
        requests: indexes.map((index) => index + 1),
        what: `${indexes.length - thinking} of text, ${thinking} of thinking alone, of ${thread.requests.length} messages`,
        count: indexes.length,
        ...addCosts(indexes.map((index) => thread.sentAgain(index))),
      },
    ];
  }),
};

/** Whether the message calls no tool, and the model went on unasked to one that does. */
export function isBeforeTool(requests: readonly Request[], index: number): boolean {
  const request = requests[index];
  if (request === undefined || request.calls.length > 0) return false;
  for (const next of requests.slice(index + 1, index + 1 + furthest)) {
    if (next.follows !== 'tools') return false;
    if (next.calls.length > 0) return true;
  }
  return false;
}

/** More messages in a row without a tool call than this are a conversation, not the way to a call. */
const furthest = 5;

export function isThinkingOnly(request: Request | undefined): boolean {
  return (
    request !== undefined && request.calls.length === 0 && request.textCharacters === 0 && request.hasThinking
  );
}
