import { describe, expect, it } from 'vitest';
import type { AgentFailure, AgentOutcome } from '../../src/model/agent.js';
import { RegenError } from '../../src/model/errors.js';
import { classificationOf, ofRefusedRequest } from '../../src/step/classifier-answer.js';

const failed = (failure: AgentFailure): AgentOutcome => ({ kind: 'failed', failure, detail: 'so it was' });

describe('what a classifier’s run means for the plan', () => {
  it('is its answer, of whatever form', () => {
    expect(classificationOf({ kind: 'completed', text: '', structured: [1] }, 'haiku')).toEqual({
      kind: 'answered',
      structured: [1],
    });
  });

  it.each<[AgentFailure, string]>([
    ['refusal', 'refused by the model'],
    ['max_tokens', 'answer too long'],
    ['no_structured_output', 'no structured answer'],
    ['prompt_too_long', 'prompt too long'],
  ])('is that the scores decide after %s', (failure, words) => {
    expect(classificationOf(failed(failure), 'haiku')).toEqual({
      kind: 'unusable',
      reason: `haiku gave no usable answer (${words}: so it was)`,
    });
  });

  it.each<AgentFailure>(['no_result', 'idle_timeout', 'wall_timeout', 'crashed'])(
    'is a wait after %s, for nothing was answered',
    (failure) => {
      expect(errorOf(failed(failure))).toMatchObject({ code: 'wait', waitsFor: 'network' });
    },
  );

  it('is a wait while the API can’t answer, as long as it says', () => {
    const retryAt = new Date('2026-11-22T10:00:00Z');
    const busy = { kind: 'waiting', reason: 'rate_limit', detail: 'slow down', retryAt } as const;

    expect(errorOf(busy)).toMatchObject({
      ...{ code: 'wait', waitsFor: 'rate_limit', retryAt },
      message: 'haiku can’t be asked how hard the items are: slow down',
    });
  });

  it('is the environment’s fault where the key isn’t taken', () => {
    expect(errorOf({ kind: 'not_ready', detail: 'no such key', hint: 'Check the key.' })).toMatchObject({
      code: 'environment',
      hint: 'Check the key. The model is that of routing.classifier in regen.yaml: haiku.',
    });
  });

  it('is the config’s fault where the request is refused, and the hint names what was asked', () => {
    const refusal = new RegenError('config', 'the API refuses the request (404): model not found', {
      hint: 'Look at worker.model.',
      cause: Object.assign(new Error('404'), { status: 404 }),
    });
    const wanted = {
      code: 'config',
      hint: expect.stringContaining('routing.classifier (left out: the first of routing.models)') as unknown,
    };

    expect(ofRefusedRequest(refusal, 'haiku')).toMatchObject({
      ...wanted,
      message:
        'haiku can’t be asked how hard the items are: the API refuses the request (404): model not found',
    });
    expect(errorOf(failed('api_error'))).toMatchObject(wanted);
    expect(ofRefusedRequest(new RegenError('config', 'two tools'), 'haiku')).toBeNull();
    expect(ofRefusedRequest(new Error('broken'), 'haiku')).toBeNull();
  });
});

function errorOf(outcome: AgentOutcome): unknown {
  try {
    return classificationOf(outcome, 'haiku');
  } catch (error) {
    return error;
  }
}
