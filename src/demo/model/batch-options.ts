/** What a script decides about message batches. */
import type { Failure } from './reply.js';

export interface BatchOptions {
  /** A batch ends when a client asks so many times how it stands; 1 without it. `Infinity`: only when it is told to. */
  readonly polls?: number;
  /** The order of the results' lines; `reversed` without it. A shuffle is the same each time. */
  readonly order?: BatchOrder;
  /** What becomes of a request; without it, it succeeds. What succeeds is answered by the script of realtime requests. */
  readonly results?: (customId: string, index: number) => BatchOutcome;
  /** Requests that were through when their batch was canceled; without it, none. */
  readonly doneBeforeCancel?: (customId: string, index: number) => boolean;
  /** By the number of the creation, from 1. */
  readonly create?: (number: number) => CreationFate;
  /** By the number of the question how a batch stands, from 1, over all batches. The client's `results` asks as well. */
  readonly retrieve?: (number: number) => 'answer' | Failure;
  /** By the number of the download, from 1, over all batches; `drop` breaks off in the middle. */
  readonly download?: (number: number) => 'answer' | 'drop' | Failure;
}

export type BatchOrder = 'given' | 'reversed' | 'shuffled';

export type BatchOutcome = 'succeeded' | 'errored' | 'expired' | 'canceled' | BatchError;

export interface BatchError {
  /** `invalid_request_error` and the like. */
  readonly type: string;
  readonly message: string;
}

/**
 * A failure makes no batch. `drop` makes it and closes the connection without an answer, `madeBut` makes it and answers
 * with a failure: the client can't know that it exists.
 */
export type CreationFate = 'answer' | 'drop' | Failure | { readonly madeBut: Failure };
