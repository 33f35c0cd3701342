/** How long the texts were that earlier runs sent, as their folders have kept them. */
import path from 'node:path';
import type { ItemRef } from '../model/attempt.js';
import type { Surroundings } from '../model/surroundings.js';
import { readOptional } from '../system/read-optional.js';
import { createJournals } from './journal-files.js';

/** A run, as the ledger names it. */
export interface KeptRun extends ItemRef {
  readonly plan: string;
  readonly attempt: string;
  /** Its folder below the attempt's. */
  readonly run: string;
}

/** Characters of prefix and message; null: they aren't there any more. */
export async function sentCharacters(surroundings: Surroundings, run: KeptRun): Promise<number | null> {
  const journals = await createJournals(surroundings).attempts(run.plan, run);
  const attempt = journals.find((journal) => journal.attempt.uuid === run.attempt)?.attempt;
  if (attempt === undefined) return null;
  const folder = path.join(attempt.directory, run.run);
  const [prefix, message] = await Promise.all(
    ['prefix.md', 'message.md'].map((name) => readOptional(path.join(folder, name))),
  );
  return prefix == null || message == null ? null : prefix.length + message.length;
}
