/** A stage is data: a name and a function. Journal, budgets and token rows take any name. */
import * as z from 'zod';
import type { Attempt } from '../model/attempt.js';
import type { Config } from '../model/config.js';
import type { Surroundings } from '../model/surroundings.js';
import type { EffectKey, Journal, JournalData } from './journal.js';
import type { Journals } from './journal-files.js';
import type { Stations } from './stations.js';

/** Everything a step works with; wire.ts makes it. */
export interface Line {
  readonly config: Config;
  readonly stations: Stations;
  readonly journals: Journals;
  readonly surroundings: Surroundings;
}

export interface StageContext extends Line {
  readonly attempt: Attempt;
  readonly journal: Journal;
  /** 0 for the first pass; each way back counts up. */
  readonly round: number;
  /** A review that a session has made itself; left out: the judge is asked. */
  readonly review?: HandedInReview;
  readonly signal: AbortSignal;
}

/** What a session handed in; nothing is known of its shape. */
export interface HandedInReview {
  readonly answer: unknown;
}

export interface Stage {
  readonly name: string;
  /** A value when the stage is over; what throws leaves the stage begun, to be gone on with later. */
  run(context: StageContext): Promise<StageEnd>;
}

/** Where the work goes from here; `data` is kept in the journal. */
export interface StageEnd {
  readonly result: StageResult;
  readonly data?: JournalData;
}

export const stageResultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('next') }),
  z.object({ kind: z.literal('back'), to: z.string() }),
  z.object({ kind: z.literal('fail'), reason: z.string() }),
  z.object({ kind: z.literal('skip'), reason: z.string() }),
  z.object({ kind: z.literal('unchanged'), reason: z.string(), isAccepted: z.boolean().default(false) }),
  z.object({ kind: z.literal('stop'), reason: z.string() }),
]);

/**
 * `next` stage; `back` to an earlier one, a round later; `fail`: `[!]`; `skip` and `unchanged`: `[-]`, but `[x]` when an
 * evaluation accepted what was there;
 * `stop`: a person's edit of the plan won, nothing is marked.
 */
export type StageResult = z.output<typeof stageResultSchema>;

export const next = (data?: JournalData): StageEnd => withData({ kind: 'next' }, data);
export const backTo = (to: string, data?: JournalData): StageEnd => withData({ kind: 'back', to }, data);
export const fail = (reason: string, data?: JournalData): StageEnd =>
  withData({ kind: 'fail', reason }, data);
/** The work may be fine: nobody has said so. A retry goes on with the evaluation, and pays no author. */
export const failUnjudged = (reason: string, data?: JournalData): StageEnd =>
  fail(reason, { ...data, isUnjudged: true });
export const skip = (reason: string, data?: JournalData): StageEnd =>
  withData({ kind: 'skip', reason }, data);
export const unchanged = (reason: string, data?: JournalData): StageEnd =>
  withData({ kind: 'unchanged', reason, isAccepted: false }, data);
export const acceptedUnchanged = (reason: string, data?: JournalData): StageEnd =>
  withData({ kind: 'unchanged', reason, isAccepted: true }, data);
export const stop = (reason: string, data?: JournalData): StageEnd =>
  withData({ kind: 'stop', reason }, data);

/** Whether `failUnjudged` left this. */
export function isUnjudged(data: JournalData): boolean {
  return data['isUnjudged'] === true;
}

/** The record of the stage as a whole. */
export function stageKey(stage: string, round: number): EffectKey {
  return { stage, round, effect: 'stage' };
}

/** The record of one effect within a stage. */
export function effectKey(context: StageContext, stage: string, effect: string): EffectKey {
  return { stage, round: context.round, effect };
}

function withData(result: StageResult, data: JournalData | undefined): StageEnd {
  return data === undefined ? { result } : { result, data };
}
