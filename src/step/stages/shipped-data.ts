/** What shipping leaves in the journal, read back. */
import * as z from 'zod';
import type { PullRequest } from '../../model/forge.js';
import type { Journal, JournalData } from '../journal.js';

const commitSchema = z.object({ sha: z.string(), targetFiles: z.array(z.string()).default([]) });

export type Commit = z.output<typeof commitSchema>;

export const asCommit = (data: JournalData): Commit => commitSchema.parse(data);
export const asNothing = (data: JournalData): JournalData => data;

const pullRequestSchema = z.object({ number: z.int(), url: z.string(), branch: z.string() });

export const asPullRequest = (data: JournalData): PullRequest => pullRequestSchema.parse(data);

const shippedSchema = z.object({
  sha: z.string().optional(),
  branch: z.string().optional(),
  targetFiles: z.array(z.string()).default([]),
  pr: pullRequestSchema.optional(),
  labels: z.array(z.string()).default([]),
  merged: z.boolean().default(false),
});

export type Shipped = z.output<typeof shippedSchema>;

/** Whether its branch was pushed, or was about to be when a kill came. */
export function isPushed(journal: Journal): boolean {
  return journal
    .records()
    .some(({ stage, effect }) => stage === 'ship' && (effect === 'push' || effect === 'branch'));
}

/** Whether the commit came to be where others see it, as far as we noted. */
export function hasLanded(journal: Journal): boolean {
  return journal
    .records()
    .some(
      ({ stage, effect, event }) =>
        stage === 'ship' && (effect === 'push' || effect === 'branch') && event === 'end',
    );
}

/** The commit that was pushed, where a kill kept the stage from its end. */
export function pushedSha(journal: Journal): string | undefined {
  const pushed = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === 'ship' && effect === 'push' && event === 'begin');
  const sha = pushed?.data['sha'];
  return typeof sha === 'string' ? sha : undefined;
}

/** What the ship stage ended with; nothing when it didn't come so far. */
export function shippedData(journal: Journal): Shipped {
  const record = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === 'ship' && effect === 'stage' && event === 'end');
  return shippedSchema.parse(record?.data ?? {});
}
