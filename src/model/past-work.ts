/** What is known of earlier work at an item: what a later round or attempt may learn from. */

export interface PastAttempt {
  /** 1-based, counted over the plan's life. */
  readonly number: number;
  /** When it was begun; ISO 8601. */
  readonly at: string;
  /** Whether it is the one that asks. */
  readonly isCurrent: boolean;
  /** How it ended, in words; null: it is still at work, or was broken off. */
  readonly end: string | null;
  /** Those that left something to tell, oldest first. */
  readonly rounds: readonly PastRound[];
}

export interface PastRound {
  /** 0 for the first pass. */
  readonly round: number;
  readonly failures: readonly { readonly name: string; readonly digest: string }[];
  readonly review: PastReview | null;
}

export interface PastReview {
  readonly score: number;
  readonly verdict: string;
  readonly strengths: readonly string[];
  readonly weaknesses: readonly string[];
}
