/** What reviews left in the journal, read back: the one value that record, pull request, plan and document tell. */
import * as z from 'zod';
import type { JournalRecord } from '../../model/attempt.js';
import type { Evaluation } from '../../model/verdict.js';
import type { Journal } from '../journal.js';
import { ended } from '../journal.js';
import { stageKey } from '../stage.js';
import type { StageContext } from '../stage.js';

const criterionSchema = z.object({
  id: z.string(),
  name: z.string(),
  score: z.number(),
  max: z.number(),
  passed: z.boolean(),
  comment: z.string(),
});

const evaluationSchema = z.object({
  score: z.int(),
  verdict: z.enum(['APPROVED', 'NEEDS_WORK', 'REJECTED']),
  breakdown: z.string(),
  categories: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      score: z.number(),
      max: z.number(),
      items: z.array(criterionSchema),
    }),
  ),
  rules: z
    .array(z.object({ id: z.string(), name: z.string(), atMost: z.number(), comment: z.string() }))
    .default([]),
  description: z.string(),
  strengths: z.array(z.string()),
  weaknesses: z.array(z.string()),
});

/** The last review, as long as nobody has worked on the item since; null when there is none. */
export function currentEvaluation(journal: Journal): Evaluation | null {
  const records = journal.records();
  const last = records.findLast(isReview);
  const isOutdated = records.some(({ round }) => round > (last?.round ?? 0));
  return isOutdated ? null : readEvaluation(last?.data);
}

/** The last review, whatever has been done since. */
export function lastReview(journal: Journal): Evaluation | null {
  return readEvaluation(journal.records().findLast(isReview)?.data);
}

/** How many reviews lie behind. */
export function reviewsSoFar(journal: Journal): number {
  return journal.records().filter(isReview).length;
}

/** The review that sent the work back to this round; null when something else did. */
export function reviewBefore({ journal, round }: Pick<StageContext, 'journal' | 'round'>): Evaluation | null {
  if (round === 0) return null;
  return readEvaluation(ended(journal, stageKey('evaluate', round - 1)) ?? undefined);
}

/** How often the agent was sent back to mend a failed check since the last review: each improvement has its repairs anew. */
export function repairsSoFar(records: readonly JournalRecord[]): number {
  const since = records.slice(records.findLastIndex(isReview) + 1);
  return since.filter(
    ({ stage, effect, event }) => stage === 'check' && effect === 'stage' && event === 'end',
  ).length;
}

export function isReview({ stage, effect, event, data }: JournalRecord): boolean {
  return stage === 'evaluate' && effect === 'stage' && event === 'end' && 'evaluation' in data;
}

export function readEvaluation(data: Readonly<Record<string, unknown>> | undefined): Evaluation | null {
  return data?.['evaluation'] === undefined ? null : evaluationSchema.parse(data['evaluation']);
}
