/** Money that a run of the agent may spend, set aside so that runs side by side keep a limit together. */

/** Who sets it aside. */
export interface Claim {
  readonly plan: string;
  readonly target: string;
  /** null: no item in particular. */
  readonly item: string | null;
  readonly attempt: string;
}

/** What a living process has set aside and not spent yet. */
export interface Reserved extends Claim {
  /** US dollars. */
  readonly usd: number;
}

/** A process's own. It ends with the process, if not before. */
export interface Reservation {
  /** US dollars. */
  readonly usd: number;
  /** What was booked is no longer set aside: the ledger counts it from then on. */
  spend(usd: number): Promise<void>;
  release(): Promise<void>;
}

/** What rows came to in US dollars. */
export interface Spent {
  /** Of the messages that have a price, when they were booked or now. */
  readonly usd: number;
  /** Models of the messages that have none, each once: `usd` is too little by what they cost. */
  readonly unpriced: readonly string[];
}
