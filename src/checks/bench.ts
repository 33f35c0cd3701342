import { join, relative } from 'node:path';
import type { BaseCheckout } from '../model/base-checkout.js';
import type { Config } from '../model/config.js';
import type { Surroundings } from '../model/surroundings.js';
import type { ItemPlace, RunItemCommand } from '../system/item-command.js';

/** What all of the station's commands need. */
export interface Bench {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly run: RunItemCommand;
  /** Whether the set-up's fix was run because a check executed no test: once is enough. */
  hasFixed: boolean;
}

export interface CheckPlace extends ItemPlace {
  /** What the checks produced for publishing, absolute. */
  readonly artifacts: string;
  /** Where logs go instead of the round's own folder, absolute: a run on the agent's demand must not write over the stage's. */
  readonly logs?: string;
  /** Folders of earlier runs, absolute, the newest first: what failed there is run first. */
  readonly before: readonly string[];
  /** No turn follows: that some tests fail alone is not enough to say no. */
  readonly isLast?: boolean;
  readonly base: BaseCheckout;
  /** Whether the item may write a file of this path. */
  isOwn(path: string): boolean;
}

/** Where the logs of one round are kept, absolute. */
export function roundFolder({ attempt, logs, round }: CheckPlace): string {
  return logs ?? join(attempt.directory, 'checks', String(round));
}

/** A log's path as it is told: relative to the repository's root. */
export function logPath({ surroundings }: Bench, log: string): string {
  return relative(surroundings.root, log);
}
