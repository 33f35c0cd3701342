/** What the API says about a batch of calls. */

export interface SubmittedBatch {
  readonly id: string;
  /** When it was made. */
  readonly at: Date;
}

export interface BatchState {
  readonly kind: 'running' | 'ended' | 'gone';
  readonly counts: { readonly done: number; readonly all: number };
  readonly expiresAt: Date | null;
  /** Somebody has called it off. */
  readonly isCanceling: boolean;
}

export type BatchResult = { readonly customId: string } &
  /** `hasUsage`: whether it says what it was billed for. */
  (
    | { readonly kind: 'succeeded'; readonly message: object; readonly hasUsage: boolean }
    /** Billed, and of no use. */
    | { readonly kind: 'unreadable'; readonly reason: string }
    | {
        readonly kind: 'errored';
        readonly reason: string;
        readonly isRequestsFault: boolean;
        readonly isTooLong: boolean;
      }
    | { readonly kind: 'expired' | 'canceled' }
  );
