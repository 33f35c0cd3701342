/** What a session had paid for before a run went on with it: a transcript holds all of it, a run answers for its own. */
import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { noTokens, sumTokens } from '../model/usage.js';
import type { TokenCounts } from '../model/usage.js';
import type { TranscriptMessage } from './transcript.js';

export interface Earlier {
  /** Message ids. */
  readonly ids: ReadonlySet<string>;
  /** Of those that were answered to the end. */
  readonly tokens: TokenCounts;
}

/** A session's first run. */
export const nothingEarlier: Earlier = { ids: new Set(), tokens: noTokens };

/** The session as its transcript has it, before the run is started. */
export function earlierOf(transcript: readonly TranscriptMessage[]): Earlier {
  const messages = transcript.map(({ message }) => message);
  const exact = messages.filter(({ isEstimate }) => !isEstimate);
  return {
    ids: new Set(messages.map(({ id }) => id)),
    tokens: sumTokens(exact.map(({ tokens }) => tokens)),
  };
}

/** Keeps it in the run's directory, for who has to recover the run after a kill. */
export async function writeEarlier(file: string, { ids, tokens }: Earlier): Promise<void> {
  await writeFile(file, JSON.stringify({ ids: [...ids], tokens }));
}

/** `nothingEarlier` where nothing was kept: a session's first run, or one that was killed before it began. */
export async function readEarlier(file: string): Promise<Earlier> {
  try {
    const { ids, tokens } = earlierSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return { ids: new Set(ids), tokens };
  } catch {
    return nothingEarlier;
  }
}

const earlierSchema = z.object({
  ids: z.array(z.string()),
  tokens: z.object({
    input: z.number(),
    output: z.number(),
    cacheRead: z.number(),
    cacheWrite5m: z.number(),
    cacheWrite1h: z.number(),
  }),
});
