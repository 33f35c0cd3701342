/** What can go wrong between us and a forge, on demand. */
import type { Reply } from './forge-exchanges.js';
import type { NoReply } from './forge-server.js';

export type Fault =
  /** 403; with `retry-after` in whole seconds unless null. */
  | { readonly kind: 'secondary-limit'; readonly retryAfter: number | null }
  | { readonly kind: 'primary-limit'; readonly reset: Date }
  /** An answer without any effect. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  /** The effect takes place, and the answer is a 502. */
  | { readonly kind: 'lost-answer' }
  /** The connection breaks off before anything happened, or after the effect. */
  | { readonly kind: 'reset'; readonly after: 'nothing' | 'effect' }
  /** No answer until the forge stops. */
  | { readonly kind: 'hang' };

export function isCarriedOut(fault: Fault): boolean {
  return fault.kind === 'lost-answer' || (fault.kind === 'reset' && fault.after === 'effect');
}

export function faultReply(fault: Fault): Reply | NoReply {
  switch (fault.kind) {
    case 'secondary-limit':
      return {
        status: 403,
        headers: fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) },
        body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
      };
    case 'primary-limit':
      return {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.floor(fault.reset.getTime() / 1000)),
        },
        body: { message: 'API rate limit exceeded for user ID 1.' },
      };
    case 'answer':
      return { status: fault.status, headers: {}, body: fault.body };
    case 'lost-answer':
      return { status: 502, headers: {}, body: { message: 'Server Error' } };
    case 'reset':
      return 'reset';
    case 'hang':
      return 'hang';
  }
}
