import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../src/agent/events.js';
import { reasonToStop } from '../../src/agent/limits.js';
import { decideOutcome } from '../../src/agent/outcome.js';
import type { RunEnd } from '../../src/agent/outcome.js';
import { isToolAtWork, nothingSeen, watch } from '../../src/agent/watch.js';
import type { Watched } from '../../src/agent/watch.js';

const usage = { m: { inputTokens: 1, outputTokens: 1 } };
const success = {
  ...{
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: 'done',
    num_turns: 1,
    total_cost_usd: 0.1,
  },
  ...{ permission_denials: [], modelUsage: usage },
};
const error = { ...success, is_error: true };
const exit0: RunEnd = { kind: 'exited', code: 0 };
const exit1: RunEnd = { kind: 'exited', code: 1 };

function seeing(...lines: readonly object[]): Watched {
  return lines.reduce((seen: Watched, line) => watch(seen, parseEvent(JSON.stringify(line))), nothingSeen);
}
function outcomeOf(
  lines: readonly object[],
  end: RunEnd,
  more: { stderr?: string; isStructured?: boolean } = {},
) {
  return decideOutcome({ end, seen: seeing(...lines), stderr: '', isStructured: false, ...more });
}

describe('success', () => {
  it('needs exit 0, a result, no error, a model that was asked, and the structure that was wanted', () => {
    const structured = { ...success, structured_output: { score: 1 } };

    expect(outcomeOf([success], exit0)).toEqual({ kind: 'completed', text: 'done', structured: null });
    expect(outcomeOf([structured], exit0, { isStructured: true })).toEqual({
      kind: 'completed',
      text: 'done',
      structured: { score: 1 },
    });
    expect(outcomeOf([success], exit1)).toMatchObject({ kind: 'failed', failure: 'crashed' });
    expect(outcomeOf([{ type: 'system' }], exit0)).toMatchObject({ kind: 'failed', failure: 'no_result' });
    expect(outcomeOf([error], exit0)).toMatchObject({ kind: 'failed', failure: 'api_error' });
    expect(outcomeOf([{ ...success, modelUsage: {} }], exit0)).toMatchObject({
      kind: 'failed',
      failure: 'nothing_asked',
    });
    expect(outcomeOf([success], exit0, { isStructured: true })).toMatchObject({
      kind: 'failed',
      failure: 'no_structured_output',
    });
  });

  it('goes by the last of several results', () => {
    expect(outcomeOf([success, { ...error, result: 'later' }], exit1)).toMatchObject({
      kind: 'failed',
      detail: 'later',
    });
  });
});

describe('errors', () => {
  const resetsAt = 1_795_300_000;
  const rejected = { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt } };
  const allowed = { type: 'rate_limit_event', rate_limit_info: { status: 'allowed', resetsAt } };
  const limited = { ...error, api_error_status: 429 };

  it.each([
    [
      'the turn limit',
      [
        {
          ...error,
          subtype: 'error_max_turns',
          result: undefined,
          errors: ['Reached maximum number of turns (2)'],
        },
      ],
      { kind: 'failed', failure: 'max_turns', detail: 'Reached maximum number of turns (2)' },
    ],
    [
      'the money limit',
      [{ ...error, subtype: 'error_max_budget_usd' }],
      { kind: 'failed', failure: 'max_budget' },
    ],
    [
      'answers that never fit the schema',
      [{ ...error, subtype: 'error_max_structured_output_retries' }],
      { kind: 'failed', failure: 'no_structured_output' },
    ],
    [
      'an end in the middle',
      [{ ...error, subtype: 'error_during_execution' }],
      { kind: 'failed', failure: 'crashed' },
    ],
    ['a refusal', [{ ...error, stop_reason: 'refusal' }], { kind: 'failed', failure: 'refusal' }],
    [
      'a prompt that is too long',
      [{ ...error, terminal_reason: 'prompt_too_long', api_error_status: 400 }],
      { kind: 'failed', failure: 'prompt_too_long' },
    ],
    [
      'a usage limit with its instant',
      [rejected, { ...limited, result: "You've hit your session limit · resets 10:26pm (UTC)" }],
      { kind: 'waiting', reason: 'usage_limit', retryAt: new Date(resetsAt * 1000) },
    ],
    [
      'a usage limit without one',
      [{ ...limited, result: "You've hit your weekly limit · resets 10:26pm (UTC)" }],
      { kind: 'waiting', reason: 'usage_limit', retryAt: null },
    ],
    [
      'a usage limit in its old form',
      [{ ...limited, result: `Claude AI usage limit reached|${resetsAt}` }],
      { kind: 'waiting', reason: 'usage_limit', retryAt: new Date(resetsAt * 1000) },
    ],
    [
      'a rate limit beside an allowed subscription',
      [allowed, { ...limited, result: 'API Error: Request rejected (429) · slow down' }],
      { kind: 'waiting', reason: 'rate_limit', retryAt: null },
    ],
    [
      'a limit that says it is no usage limit',
      [{ ...limited, result: 'API Error: Server is temporarily limiting requests (not your usage limit)' }],
      { kind: 'waiting', reason: 'rate_limit' },
    ],
    ['a server error', [{ ...error, api_error_status: 500 }], { kind: 'waiting', reason: 'overloaded' }],
    ['an overload', [{ ...error, api_error_status: 529 }], { kind: 'waiting', reason: 'overloaded' }],
    [
      'a used-up account',
      [{ ...error, api_error_status: 400, result: 'Credit balance is too low' }],
      { kind: 'not_ready' },
    ],
    [
      'a bad request',
      [{ ...error, api_error_status: 400, result: 'API Error: 400 tools.0: bad' }],
      { kind: 'failed', failure: 'api_error' },
    ],
    ['a refused key', [{ ...error, api_error_status: 401 }], { kind: 'not_ready' }],
    ['a forbidden account', [{ ...error, api_error_status: 403 }], { kind: 'not_ready' }],
    [
      'an unknown model',
      [{ ...error, api_error_status: 404 }],
      { kind: 'not_ready', hint: 'Correct agent.model or agent.endpoint in regen.yaml.' },
    ],
    [
      'a request that is too large',
      [{ ...error, api_error_status: 413 }],
      { kind: 'failed', failure: 'prompt_too_long' },
    ],
    ['a missing login', [{ ...error, result: 'Not logged in · Please run /login' }], { kind: 'not_ready' }],
    [
      'a refused connection',
      [{ ...error, result: 'API Error: Unable to connect to API (ECONNREFUSED)' }],
      { kind: 'waiting', reason: 'network' },
    ],
    [
      'a timeout of the API',
      [{ ...error, result: 'API Error: Request timed out' }],
      { kind: 'waiting', reason: 'network' },
    ],
  ])('tells %s from the others', (_what, lines, outcome) => {
    expect(outcomeOf(lines, exit1)).toMatchObject(outcome);
  });

  it('tells a session’s troubles, and a binary that didn’t start, from a crash', () => {
    const taken = outcomeOf([], exit1, { stderr: 'Error: Session ID 1-2 is already in use.\n' });
    const noStart = outcomeOf([], exit1, { stderr: "error: unknown option '--x'\n" });
    const killed = outcomeOf([{ type: 'system' }], { kind: 'signalled', signal: 'SIGKILL' });

    expect(taken).toMatchObject({ kind: 'failed', failure: 'session_taken' });
    expect(noStart).toMatchObject({
      kind: 'not_ready',
      detail: "the agent did not start: exit code 1: error: unknown option '--x'",
    });
    expect(killed).toEqual({
      kind: 'failed',
      failure: 'crashed',
      detail: 'the agent ended with SIGKILL and without a result',
    });
  });

  it('says what we ended and why, whatever the stream held', () => {
    expect(outcomeOf([success], { kind: 'interrupted' })).toEqual({ kind: 'interrupted' });
    expect(outcomeOf([success], { kind: 'idle_timeout', atWork: [] })).toMatchObject({
      kind: 'failed',
      failure: 'idle_timeout',
    });
    expect(outcomeOf([], { kind: 'wall_timeout', atWork: ['Bash'] })).toMatchObject({
      failure: 'wall_timeout',
      detail: expect.stringContaining('at work: Bash') as string,
    });
    expect(outcomeOf([], { kind: 'login_refused' })).toMatchObject({ kind: 'not_ready' });
  });
});

describe('reasonToStop', () => {
  const limits = { timeout: 1000, idle: 100 };
  const inTime = { elapsed: 1, silence: 1, isOverspending: false, fullAt: null };
  const refusal = { type: 'system', subtype: 'api_retry', error_status: 401, error: 'authentication_failed' };
  const overload = { type: 'system', subtype: 'api_retry', error_status: 529, error: 'overloaded' };
  const call = (name: string) => ({
    type: 'assistant',
    message: { id: 'a', model: 'm', usage: {}, content: [{ type: 'tool_use', id: 't', name, input: {} }] },
  });
  const answer = { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't' }] } };

  it('lets a run be within its limits', () => {
    expect(reasonToStop(seeing(call('Bash')), { ...inTime, elapsed: 1000, silence: 100 }, limits)).toBe(null);
  });

  it('stops for the wall first, naming the tools at work, then for silence', () => {
    expect(reasonToStop(seeing(call('Bash')), { ...inTime, elapsed: 1001, silence: 101 }, limits)).toEqual({
      kind: 'wall_timeout',
      atWork: ['Bash'],
    });
    expect(reasonToStop(nothingSeen, { ...inTime, elapsed: 500, silence: 101 }, limits)).toEqual({
      kind: 'idle_timeout',
      atWork: [],
    });
  });

  it('stops a run that asks for more when its money is used up', () => {
    expect(reasonToStop(nothingSeen, { ...inTime, isOverspending: true }, limits)).toEqual({
      kind: 'money_used_up',
    });
  });

  it('believes the second refusal of the login in a row', () => {
    expect(reasonToStop(seeing(refusal), inTime, limits)).toBe(null);
    expect(reasonToStop(seeing(refusal, overload, refusal), inTime, limits)).toBe(null);
    expect(reasonToStop(seeing(refusal, refusal), inTime, limits)).toEqual({ kind: 'login_refused' });
  });

  it('takes a tool for at work while it computes, from its call to its answer, but a subagent never', () => {
    expect(isToolAtWork(seeing(call('Bash')), true)).toBe(true);
    expect(isToolAtWork(seeing(call('Bash')), false)).toBe(false);
    expect(isToolAtWork(seeing(call('Bash'), answer), true)).toBe(false);
    expect(isToolAtWork(seeing(call('Task')), true)).toBe(false);
  });

  it('lets a tool of an MCP server wait', () => {
    expect(isToolAtWork(seeing(call('mcp__queue__wait')), false)).toBe(true);
  });
});
