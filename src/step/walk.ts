/** One walk down the line: stage after stage, each begun and ended in the journal. */
import type { Attempt } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';
import { createMask } from '../system/mask.js';
import type { AttemptEnd } from './position.js';
import { positionOf } from './position.js';
import { prepare } from './stages/prepare.js';
import { agent } from './stages/agent.js';
import { apply } from './stages/apply.js';
import { check } from './stages/check.js';
import { evaluate } from './stages/evaluate.js';
import { record } from './stages/record.js';
import { publish } from './stages/publish.js';
import { ship } from './stages/ship.js';
import type { Stage, StageContext, StageEnd, StageResult } from './stage.js';
import { fail, stageKey } from './stage.js';

/** The stations in the order in which the work passes them. */
const stages: readonly Stage[] = [prepare, agent, check, evaluate, record, publish, ship];

/** Of what a pack ships: its answers take the agent's place. */
const shipmentStages: readonly Stage[] = [prepare, apply, check, publish, ship];

export const stageNames: readonly string[] = stages.map((stage) => stage.name);

/** The names of the stages that the attempt passes. */
export function stageNamesOf({ pack }: Pick<Attempt, 'pack'>): readonly string[] {
  return pack === undefined ? stageNames : shipmentStages.map((stage) => stage.name);
}

/** Where the attempt stands now. */
export function whereIs(context: Omit<StageContext, 'round'>): ReturnType<typeof positionOf> {
  return positionOf(context.journal.records(), stageNamesOf(context.attempt));
}

/** From wherever the journal says to the end. */
export async function walk(context: Omit<StageContext, 'round'>): Promise<AttemptEnd> {
  for (;;) {
    const position = whereIs(context);
    if (position.kind === 'over') return position.end;
    await runStage(context, position.stage, position.round);
  }
}

/** Runs one stage; it is ended in the journal only when it came to a result. */
export async function runStage(
  context: Omit<StageContext, 'round'>,
  name: string,
  round: number,
): Promise<void> {
  const line = context.attempt.pack === undefined ? stages : shipmentStages;
  const stage = line.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`the line has no stage "${name}"`);
  context.signal.throwIfAborted();
  const { attempt, journal, surroundings } = context;
  surroundings.progress(`${attempt.item}: ${name}${round > 0 ? ` (round ${round + 1})` : ''}`);
  const key = stageKey(name, round);
  await journal.append(key, 'begin');
  const end = await stage.run({ ...context, round }).catch(asFailure);
  await journal.append(key, 'end', { ...end.data, result: masked(end.result, surroundings.env) });
}

/** A reason may quote what an agent or a tool said, and goes into the journal, the plan and the document. */
function masked(result: StageResult, env: StageContext['surroundings']['env']): StageResult {
  return 'reason' in result ? { ...result, reason: createMask(env)(result.reason) } : result;
}

/** What a station found to be the item's own fault ends the attempt; anything else stops the step and leaves it open. */
function asFailure(error: unknown): StageEnd {
  if (!(error instanceof RegenError) || error.code !== 'item') throw error;
  return fail(error.message, error.hint === null ? {} : { next: error.hint });
}
