/** What the figures of `regen prompt` are drawn from. */

/** How tokens were told from characters. */
export interface TokenScale {
  readonly charactersPerToken: number;
  /** `ledger`: drawn from what the first requests of earlier runs came to. */
  readonly source: 'usual' | 'ledger';
  /** How many of them; 0 with `usual`. */
  readonly requests: number;
}

/** How many requests an item takes. */
export interface ExpectedRequests {
  readonly count: number;
  /** Whose items it is the mean of; `assumed`: nobody's; `flag`: as the command line says. */
  readonly source: 'plan' | 'target' | 'others' | 'assumed' | 'flag';
  /** How many items; 0 with `assumed` and `flag`. */
  readonly items: number;
}
