/** What attempts left in their journals, as a later one may be told it. */
import * as z from 'zod';
import type { JournalRecord } from '../model/attempt.js';
import type { PastAttempt, PastRound } from '../model/past-work.js';
import type { Journal } from './journal.js';
import { positionOf } from './position.js';
import type { AttemptEnd } from './position.js';
import { stageNames } from './walk.js';

const dataSchema = z.object({
  results: z
    .array(z.object({ name: z.string(), ok: z.boolean(), digest: z.string().nullable() }))
    .catch([])
    .default([]),
  evaluation: z
    .object({
      score: z.number(),
      verdict: z.string(),
      strengths: z.array(z.string()),
      weaknesses: z.array(z.string()),
    })
    .nullable()
    .catch(null)
    .default(null),
});

/** @param current - the UUID of the attempt that asks. */
export function pastAttempt(journal: Journal, current: string): PastAttempt {
  const { attempt } = journal;
  const records = journal.records();
  const rounds = [...new Set(records.map(({ round }) => round))].sort((left, right) => left - right);
  const position = positionOf(records, stageNames);
  return {
    number: attempt.number,
    at: records[0]?.at ?? '',
    isCurrent: attempt.uuid === current,
    end: position.kind === 'over' ? endText(position.end) : null,
    rounds: rounds.flatMap((round) => pastRound(records, round) ?? []),
  };
}

function pastRound(records: readonly JournalRecord[], round: number): PastRound | null {
  const left = (stage: string) => {
    const record = records.findLast(
      (one) => one.stage === stage && one.round === round && one.effect === 'stage' && one.event === 'end',
    );
    return dataSchema.parse(record?.data ?? {});
  };
  const failures = left('check')
    .results.filter(({ ok }) => !ok)
    .map(({ name, digest }) => ({ name, digest: digest ?? 'it said nothing' }));
  const review = left('evaluate').evaluation;
  return failures.length === 0 && review === null ? null : { round, failures, review };
}

function endText(end: AttemptEnd): string {
  return end.kind === 'shipped' ? 'shipped' : `${end.kind}: ${end.reason}`;
}
