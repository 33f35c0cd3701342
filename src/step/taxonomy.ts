/**
 * Whose fault a failure is. The code of a RegenError decides what becomes of a step (model/errors.ts); a run of the agent
 * that failed by itself is the item's (`agentFailures`), every other end of a run is a wait or the environment's, see
 * agent/outcome.ts.
 */
import type { AgentFailure, AgentOutcome } from '../model/agent.js';

interface FailureWords {
  /** What the log calls it. */
  readonly words: string;
  /** What to do before a retry; null: nothing but to try again. */
  readonly next: string | null;
}

/** Refused, empty and unfinished results are outcomes of their own: none of them may look like work. */
export const agentFailures: Readonly<Record<AgentFailure, FailureWords>> = {
  max_turns: { words: 'out of turns', next: 'raise agent.maxTurns or make the task smaller' },
  max_tokens: { words: 'answer too long', next: 'raise worker.maxOutput or lower worker.count' },
  max_budget: { words: 'out of money', next: 'raise budget.itemUsd' },
  refusal: { words: 'refused by the model', next: 'reword the task' },
  prompt_too_long: {
    words: 'prompt too long',
    next: 'shorten the prompt or name a model with a larger window',
  },
  context_full: {
    words: 'window full',
    next: 'raise agent.context if the window is larger, shorten the prompt, or make the task smaller',
  },
  no_result: { words: 'ended without a result', next: null },
  no_structured_output: { words: 'no structured answer', next: null },
  nothing_asked: { words: 'empty: no model was asked', next: 'see what prompt.task makes of the prompt' },
  wall_timeout: { words: 'out of time', next: 'raise agent.timeout or make the task smaller' },
  idle_timeout: { words: 'silent for too long', next: 'raise agent.idle, or see what the log ends in' },
  api_error: { words: 'API error', next: null },
  session_lost: { words: 'session lost', next: null },
  session_taken: { words: 'session taken', next: null },
  crashed: { words: 'crashed', next: null },
};

type FailedRun = Extract<AgentOutcome, { kind: 'failed' }>;

/** A failed run in a few words: `refused by the model: …`. */
export function failureText({ failure, detail }: Pick<FailedRun, 'failure' | 'detail'>): string {
  return `${agentFailures[failure].words}: ${detail}`;
}
