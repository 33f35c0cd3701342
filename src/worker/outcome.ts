/** What an answer comes to, in the words of every run of a model. Pure. */
import type { AgentOutcome } from '../model/agent.js';
import type { Answer } from './answers.js';

type Ended = Extract<AgentOutcome, { kind: 'completed' | 'failed' }>;

/** @param isStructured - whether the answer has to be JSON. */
export function outcomeOf(answer: Answer, isStructured: boolean): Ended {
  const { stopReason, text } = answer;
  switch (stopReason) {
    case 'max_tokens':
      return { kind: 'failed', failure: 'max_tokens', detail: 'the answer reached worker.maxOutput', text };
    case 'model_context_window_exceeded':
      return {
        kind: 'failed',
        failure: 'max_tokens',
        detail: 'prompt and answer filled the model’s window',
        text,
      };
    case 'refusal':
      return { kind: 'failed', failure: 'refusal', detail: 'the model declined' };
    case 'tool_use':
      return { kind: 'failed', failure: 'max_turns', detail: 'the model asked for another tool' };
    case 'pause_turn':
    case null:
      return { kind: 'failed', failure: 'no_result', detail: 'the answer broke off' };
    default:
      return isStructured ? structured(text) : { kind: 'completed', text, structured: null };
  }
}

function structured(text: string): Ended {
  try {
    return { kind: 'completed', text, structured: JSON.parse(text) };
  } catch {
    return { kind: 'failed', failure: 'no_structured_output', detail: 'the answer is no JSON', text };
  }
}
