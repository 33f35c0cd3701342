/** An attempt that goes on from what an earlier one left. */
import * as z from 'zod';
import type { Attempt } from '../model/attempt.js';
import type { Journal } from './journal.js';
import type { Line } from './stage.js';

/** Where a failed attempt can be taken up without the agent. */
export interface KeptWork {
  /** The attempt that did the work. */
  readonly attempt: string;
  readonly sha: string;
}

/** What the attempt was opened to go on from; null: it began afresh. */
export function takenUp(journal: Journal): KeptWork | null {
  return openingSchema.safeParse(journal.records()[0]?.data).data?.resumes ?? null;
}

/** The attempt whose work is taken up; null when its journal is gone. */
export async function sourceOf(
  line: Pick<Line, 'journals'>,
  attempt: Attempt,
  kept: KeptWork,
): Promise<Journal | null> {
  const attempts = await line.journals.attempts(attempt.plan, attempt);
  return attempts.find((one) => one.attempt.uuid === kept.attempt) ?? null;
}

const openingSchema = z.object({
  resumes: z.object({ attempt: z.string(), sha: z.string() }).optional(),
});
