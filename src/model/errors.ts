import type { WaitKind } from './wait.js';

/** What stopped an invocation; decides its exit status. `item`: the item's own fault, which the walk turns into `[!]`. */
export type ErrorCode = 'usage' | 'config' | 'plan' | 'environment' | 'item' | 'wait' | 'interrupted' | 'bug';

/** Exit statuses of the contract, and what follows for the item. */
export const exitStatus: Readonly<Record<ErrorCode, number>> = {
  item: 1, // it is marked `[!]`, and the queue goes on
  usage: 2, // nothing was touched
  config: 2,
  plan: 2,
  environment: 3, // it stays `[ ]` and is charged no attempt: a person has to mend something outside
  bug: 70, // it stays `[ ]`: ours to mend
  wait: 75, // it stays `[ ]`, and later steps wait as well
  interrupted: 130, // the next step goes on from the last finished effect
};

interface RegenErrorFacts {
  /** The way out: what the user does next. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** When a later invocation can succeed; only with `wait`. */
  readonly retryAt?: Date | undefined;
  /** What is waited for; only with `wait`. Left out: nothing that a later invocation has to know of, such as a lock. */
  readonly waitsFor?: WaitKind | undefined;
}

/**
 * Stops the step. A failed check, a refused push or a used-up budget is a value, not this.
 * The message says what failed, with the value, and why; the hint says what to do.
 */
export class RegenError extends Error {
  override readonly name = 'RegenError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly retryAt: Date | null;
  readonly waitsFor: WaitKind | null;

  constructor(code: ErrorCode, message: string, facts: RegenErrorFacts = {}) {
    super(message, { cause: facts.cause });
    this.code = code;
    this.hint = facts.hint ?? null;
    this.retryAt = facts.retryAt ?? null;
    this.waitsFor = facts.waitsFor ?? null;
  }
}
