/**
 * What the run of a classifier means for the plan. A plan keeps its models for as long as it lives: none is made while the
 * classifier can't be asked; an answer that is no good would hardly be better the next time, and the scores decide. Pure.
 */
import type { AgentFailure, AgentOutcome, WaitReason } from '../model/agent.js';
import { RegenError } from '../model/errors.js';
import { failureText } from './taxonomy.js';

export type Classification =
  | { readonly kind: 'answered'; readonly structured: unknown }
  | { readonly kind: 'unusable'; readonly reason: string };

/** @throws RegenError for what says nothing about the items. */
export function classificationOf(outcome: AgentOutcome, classifier: string): Classification {
  switch (outcome.kind) {
    case 'completed':
      return { kind: 'answered', structured: outcome.structured };
    case 'failed':
      return ofFailure(outcome, classifier);
    case 'waiting':
      throw later(classifier, outcome.detail, { waitsFor: outcome.reason, retryAt: outcome.retryAt });
    case 'not_ready':
      throw new RegenError('environment', cantBeAsked(classifier, outcome.detail), {
        hint: `${outcome.hint} The model is that of routing.classifier in regen.yaml: ${classifier}.`,
      });
    case 'interrupted':
      throw new RegenError('interrupted', 'the agent was interrupted');
  }
}

/** The error of a request that can never be right, with what was asked for in its hint; null: it is another error. */
export function ofRefusedRequest(error: unknown, classifier: string): RegenError | null {
  if (!(error instanceof RegenError) || error.code !== 'config' || !isOfApi(error.cause)) return null;
  return refused(classifier, error.message, error);
}

type Failed = Extract<AgentOutcome, { kind: 'failed' }>;

function ofFailure(outcome: Failed, classifier: string): Classification {
  const detail = failureText(outcome);
  switch (meanings[outcome.failure]) {
    case 'unusable':
      return { kind: 'unusable', reason: `${classifier} gave no usable answer (${detail})` };
    case 'passing':
      throw later(classifier, detail, { waitsFor: 'network', retryAt: null });
    case 'refused':
      throw refused(classifier, detail, outcome);
  }
}

/** `unusable`: the model's own; `passing`: there was no answer; `refused`: the request was. */
const meanings: Readonly<Record<AgentFailure, 'unusable' | 'passing' | 'refused'>> = {
  max_turns: 'unusable',
  max_tokens: 'unusable',
  refusal: 'unusable',
  prompt_too_long: 'unusable',
  context_full: 'unusable',
  no_structured_output: 'unusable',
  nothing_asked: 'unusable',
  max_budget: 'passing',
  no_result: 'passing',
  wall_timeout: 'passing',
  idle_timeout: 'passing',
  session_lost: 'passing',
  session_taken: 'passing',
  crashed: 'passing',
  api_error: 'refused',
};

interface Wait {
  readonly waitsFor: WaitReason;
  readonly retryAt: Date | null;
}

function later(classifier: string, detail: string, { waitsFor, retryAt }: Wait): RegenError {
  return new RegenError('wait', cantBeAsked(classifier, detail), {
    hint: 'No plan was made; a later invocation makes it. With routing.classify: never the scores alone decide.',
    retryAt: retryAt ?? undefined,
    waitsFor,
  });
}

function refused(classifier: string, detail: string, cause: unknown): RegenError {
  return new RegenError('config', cantBeAsked(classifier, detail), {
    hint: 'Look at routing.classifier (left out: the first of routing.models) in regen.yaml, and at where the API is.',
    cause,
  });
}

function cantBeAsked(classifier: string, detail: string): string {
  return `${classifier} can’t be asked how hard the items are: ${detail}`;
}

/** Of the client's errors those alone have a status. */
function isOfApi(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'status' in cause;
}
