import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/worker/outcome.js';

const answer = (stopReason: string | null, text = '{"results":[]}') => ({
  ...{ id: 'm', model: 'claude-haiku-5-5', text, stopReason, isCounted: true },
  tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
});

describe('an answer', () => {
  it.each(['end_turn', 'stop_sequence', 'a_reason_of_2027'])('that ended by %s is read', (stopReason) => {
    expect(outcomeOf(answer(stopReason), true)).toEqual({
      kind: 'completed',
      text: '{"results":[]}',
      structured: { results: [] },
    });
  });

  it('in words is taken as it is', () => {
    expect(outcomeOf(answer('end_turn', 'Words.'), false)).toEqual({
      kind: 'completed',
      text: 'Words.',
      structured: null,
    });
  });

  it.each(['', 'Words.', '{"results":['])('that should be JSON and is %j has failed', (text) => {
    expect(outcomeOf(answer('end_turn', text), true)).toEqual({
      kind: 'failed',
      failure: 'no_structured_output',
      detail: 'the answer is no JSON',
      text,
    });
  });

  it.each([
    ['max_tokens', 'the answer reached worker.maxOutput'],
    ['model_context_window_exceeded', 'prompt and answer filled the model’s window'],
  ])('that was cut off by %s keeps what came', (stopReason, detail) => {
    expect(outcomeOf(answer(stopReason, '{"results":[{"id'), true)).toEqual({
      kind: 'failed',
      failure: 'max_tokens',
      detail,
      text: '{"results":[{"id',
    });
  });

  it.each([
    ['refusal', { failure: 'refusal', detail: 'the model declined' }],
    ['tool_use', { failure: 'max_turns', detail: 'the model asked for another tool' }],
    ['pause_turn', { failure: 'no_result', detail: 'the answer broke off' }],
    [null, { failure: 'no_result', detail: 'the answer broke off' }],
  ])('that ended by %s is none, whatever it says', (stopReason, failure) => {
    expect(outcomeOf(answer(stopReason), true)).toEqual({ kind: 'failed', ...failure });
    expect(outcomeOf(answer(stopReason), false)).toEqual({ kind: 'failed', ...failure });
  });
});
