import type { Commission } from '../model/attempt.js';
import type { Config } from '../model/config.js';
import type { Surroundings } from '../model/surroundings.js';
import type { Journal } from './journal.js';
import type { Stations } from './stations.js';

/** Everything that a booked run of a model needs: a stage's context has all of it, and so has an audit's. */
export interface RunContext {
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly stations: Pick<Stations, 'agent' | 'ledger' | 'plans' | 'prompts'>;
  /** Where earlier runs of the same kind are found. */
  readonly journals: {
    ofPlan(plan: string, target: string): Promise<readonly Pick<Journal<Commission>, 'attempt'>[]>;
  };
  readonly attempt: Commission;
  readonly journal: Journal<Commission>;
  readonly round: number;
  readonly signal: AbortSignal;
}

/** How progress calls it. */
export function nameOf({ item, target }: Pick<Commission, 'item' | 'target'>): string {
  return item ?? target;
}
