import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { RegenError } from '../../src/model/errors.js';
import { faultOf } from '../../src/worker/faults.js';
import { UnreadableAnswer } from '../../src/worker/unreadable.js';

const now = new Date('2026-05-02T14:00:00Z');

/** As the client makes it of the API's answer. */
const status = (code: number, message = 'So it is.', headers: Record<string, string> = {}) =>
  Anthropic.APIError.generate(
    code,
    { type: 'error', error: { type: 'some_error', message } },
    undefined,
    new Headers(headers),
  );

const waiting = (reason: string, detail: string, retryAt: Date | null = null) => ({
  ...{ kind: 'waiting', reason, detail, retryAt },
});

describe('an error of the API', () => {
  it.each([401, 402, 403])('is the key’s: %i', (code) => {
    expect(faultOf(status(code), now)).toEqual({
      kind: 'not_ready',
      detail: 'the API refuses the key: So it is.',
      hint: 'Check ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, and what the key may use.',
    });
  });

  it.each([408, 409, 500, 502, 503, 504, 529, 599])('may be over later: %i', (code) => {
    expect(faultOf(status(code), now)).toEqual(waiting('overloaded', `the API failed (${code}): So it is.`));
  });

  it.each([400, 404, 405, 410, 415, 422])('can never be right: %i', (code) => {
    const error = status(code);

    expect(thrownBy(error)).toEqual(
      new RegenError('config', `the API refuses the request (${code}): So it is.`, {
        hint: 'Look at worker.model, worker.maxOutput and provider.betas in regen.yaml, and at where the API is.',
        cause: error,
      }),
    );
  });

  it.each([
    [413, 'Request exceeds the maximum size'],
    [400, 'prompt is too long: 1000001 tokens > 1000000 maximum'],
    [400, 'input length and max_tokens exceed context limit: the context window is 200000'],
    [400, 'This model’s maximum context length is 32768 tokens.'],
  ])('is a prompt that is too long: %i, %s', (code, message) => {
    expect(faultOf(status(code, message), now)).toEqual({
      kind: 'failed',
      failure: 'prompt_too_long',
      detail: message,
    });
  });

  it('is the account’s where its credit is used up', () => {
    const message = 'Your credit balance is too low to access the Anthropic API.';

    expect(faultOf(status(400, message), now)).toEqual({
      kind: 'not_ready',
      detail: `the API refuses the request: ${message}`,
      hint: 'Buy credit for the account of the key, or set the key of another one.',
    });
  });

  it('says what it is also without the API’s own words', () => {
    const bare = Anthropic.APIError.generate(503, undefined, 'Bad gateway', new Headers());

    expect(faultOf(bare, now)).toEqual(waiting('overloaded', 'the API failed (503): 503 Bad gateway'));
  });

  it('within a stream ends the answer, not the item', () => {
    const event = new Anthropic.APIError(
      undefined,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      undefined,
      new Headers(),
    );

    expect(faultOf(event, now)).toEqual(waiting('overloaded', 'the API broke off: Overloaded'));
  });
});

describe('an error event within a stream', () => {
  const event = (type: string, message = 'So it is.', headers: Record<string, string> = {}) =>
    new Anthropic.APIError(
      undefined,
      { type: 'error', error: { type, message } },
      undefined,
      new Headers(headers),
    );

  it.each([
    ['overloaded_error', 'overloaded', 'the API broke off: So it is.'],
    ['api_error', 'overloaded', 'the API broke off: So it is.'],
    ['of_a_new_kind', 'overloaded', 'the API broke off: So it is.'],
    ['rate_limit_error', 'rate_limit', 'the API’s rate limit: So it is.'],
  ])('may be over later: %s', (type, reason, detail) => {
    // The headers came before anything had gone wrong.
    expect(faultOf(event(type, 'So it is.', { 'retry-after': '9' }), now)).toEqual(waiting(reason, detail));
  });

  it.each(['authentication_error', 'permission_error', 'billing_error'])('is the key’s: %s', (type) => {
    expect(faultOf(event(type), now)).toMatchObject({ kind: 'not_ready' });
  });

  it('is a prompt that is too long, no credit, or a request that can never be right', () => {
    const refused = 'invalid_request_error';

    expect(faultOf(event(refused, 'prompt is too long'), now)).toMatchObject({ failure: 'prompt_too_long' });
    expect(faultOf(event('request_too_large'), now)).toMatchObject({ failure: 'prompt_too_long' });
    expect(faultOf(event(refused, 'Your credit balance is too low'), now)).toMatchObject({
      kind: 'not_ready',
    });
    expect(thrownBy(event(refused))).toMatchObject({ code: 'config' });
  });
});

describe('an answer that can’t be read', () => {
  it.each([
    ['the client’s parser', new SyntaxError('Unexpected token b')],
    ['the client’s own error', new Anthropic.AnthropicError('Unexpected token b')],
    ['ours', new UnreadableAnswer('Unexpected token b')],
    ['what the client wraps', wrapped('broken', new SyntaxError('Unexpected token b'))],
  ])('is waited for: %s', (_what, error) => {
    const detail = 'the API’s answer can’t be read: Unexpected token b';
    expect(faultOf(error, now)).toEqual(waiting('network', detail));
  });

  it('is one that broke off where the client has wrapped that', () => {
    const inner = new TypeError('terminated', { cause: new Error('other side closed') });

    expect(faultOf(wrapped('terminated', inner), now)).toEqual(
      waiting('network', 'the answer broke off: terminated'),
    );
  });

  it('is told of in our own words where the client stumbles over an event', () => {
    const stumbling = new TypeError("Cannot read properties of null (reading 'type')");

    expect(faultOf(wrapped(stumbling.message, stumbling), now)).toEqual(
      waiting('network', 'the API’s answer can’t be read: an event of it has no shape that is known'),
    );
  });

  /** As the client does while it reads a stream. */
  function wrapped(message: string, cause: Error): Error {
    return Object.assign(new Anthropic.AnthropicError(message), { cause });
  }
});

describe('a limit', () => {
  it.each<readonly [string, string, Date | null]>([
    ['in seconds', '90', new Date('2026-05-02T14:01:30Z')],
    ['in parts of them', '0.5', new Date('2026-05-02T14:00:00.500Z')],
    ['as a date', 'Sat, 02 May 2026 15:00:00 GMT', new Date('2026-05-02T15:00:00Z')],
    ['as nothing', '', null],
    ['as a word', 'soon', null],
    ['beyond all dates', '1e30', null],
    ['backwards', '-5', null],
  ])('says when it is over: %s', (_what, header, retryAt) => {
    expect(faultOf(status(429, 'Slower.', { 'retry-after': header }), now)).toEqual(
      waiting('rate_limit', 'the API’s rate limit: Slower.', retryAt),
    );
  });

  it('is believed to the thousandth where that is told, too', () => {
    const told = { 'retry-after-ms': '24500', 'retry-after': '1' };

    expect(faultOf(status(429, 'Slower.', told), now)).toMatchObject({
      retryAt: new Date('2026-05-02T14:00:24.500Z'),
    });
  });

  it('counts for an API that is overloaded as well', () => {
    expect(faultOf(status(529, 'Later.', { 'retry-after': '5' }), now)).toMatchObject({
      reason: 'overloaded',
      retryAt: new Date('2026-05-02T14:00:05Z'),
    });
  });
});

describe('what the connection does', () => {
  it.each([
    [
      'nobody listens',
      new Anthropic.APIConnectionError({ message: 'Connection error.' }),
      'the API doesn’t answer: Connection error.',
    ],
    [
      'nobody answers in time',
      new Anthropic.APIConnectionTimeoutError(),
      'the API doesn’t answer: Request timed out.',
    ],
    [
      'it ends within an answer',
      new TypeError('terminated', { cause: new Error('other side closed') }),
      'the answer broke off: terminated',
    ],
    [
      'it is reset within an answer',
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
      'the answer broke off: fetch failed',
    ],
  ])('is waited for: %s', (_what, error, detail) => {
    expect(faultOf(error, now)).toEqual(waiting('network', detail));
  });

  it('is our own doing when our signal ended it', () => {
    expect(faultOf(new Anthropic.APIUserAbortError(), now)).toEqual({ kind: 'interrupted' });
  });

  it.each([new TypeError('x is not a function'), new Error('EPIPE'), 'a text', null])(
    'isn’t what our own mistakes are: %s',
    (error) => {
      expect(faultOf(error, now)).toBeNull();
    },
  );
});

function thrownBy(error: unknown): unknown {
  try {
    return faultOf(error, now);
  } catch (thrown) {
    return thrown;
  }
}
