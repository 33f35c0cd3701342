import { join, relative } from 'node:path';
import type { Config } from '../model/config.js';
import { cut, formatDigest, tellingLine } from '../model/excerpt.js';
import type { Excerpt } from '../model/excerpt.js';
import type { Surroundings } from '../model/surroundings.js';
import type { CheckResult } from '../model/verdict.js';
import type { ItemPlace, RunItemCommand } from '../system/item-command.js';

/** What all of the station's commands need. */
export interface Bench {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly run: RunItemCommand;
}

export interface CheckPlace extends ItemPlace {
  /** What the checks produced for publishing, absolute. */
  readonly artifacts: string;
  /** Where logs go instead of the round's own folder, absolute: a run on the agent's demand must not write over the stage's. */
  readonly logs?: string;
}

/** Where the logs of one round are kept, absolute. */
export function roundFolder({ attempt, logs, round }: CheckPlace): string {
  return logs ?? join(attempt.directory, 'checks', String(round));
}

/** One try of a command: null when everything was as it should be. */
export interface Try {
  readonly failure: string | null;
  readonly durationMs: number;
  readonly excerpt: Excerpt;
}

export interface Retried {
  readonly name: string;
  readonly retries: number;
  /** Absolute. */
  readonly log: string;
  once(): Promise<Try>;
}

/** Tries until it succeeds or the retries are used up; the last try is what is reported. */
export async function withRetries(bench: Bench, task: Retried): Promise<CheckResult> {
  const log = relative(bench.surroundings.root, task.log);
  let durationMs = 0;
  for (let tries = 1; ; tries += 1) {
    const { failure, excerpt, durationMs: took } = await task.once();
    durationMs += took;
    if (failure === null) return { name: task.name, ok: true, durationMs, digest: null, log };
    if (tries > task.retries) {
      const often = tries === 1 ? failure : `${failure}, in the last of ${tries} tries`;
      const telling = failure.startsWith('exit code') ? tellingLine(excerpt) : null;
      const reason = telling === null ? often : `${often}: ${cut(telling, 160)}`;
      const digest = formatDigest([reason, `Log: ${log}`], excerpt);
      return { name: task.name, ok: false, durationMs, digest, log };
    }
  }
}
