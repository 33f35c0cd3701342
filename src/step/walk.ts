/** One walk down the line: stage after stage, each begun and ended in the journal. */
import type { AttemptEnd } from './position.js';
import { positionOf } from './position.js';
import { prepare } from './stages/prepare.js';
import { agent } from './stages/agent.js';
import { check } from './stages/check.js';
import { evaluate } from './stages/evaluate.js';
import { record } from './stages/record.js';
import { publish } from './stages/publish.js';
import { ship } from './stages/ship.js';
import type { Stage, StageContext } from './stage.js';
import { stageKey } from './stage.js';

/** The stations in the order in which the work passes them. */
const stages: readonly Stage[] = [prepare, agent, check, evaluate, record, publish, ship];

export const stageNames: readonly string[] = stages.map((stage) => stage.name);

/** Where the attempt stands now. */
export function whereIs(context: Omit<StageContext, 'round'>): ReturnType<typeof positionOf> {
  return positionOf(context.journal.records(), stageNames);
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
  const stage = stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`the line has no stage "${name}"`);
  context.signal.throwIfAborted();
  const { attempt, journal, surroundings } = context;
  surroundings.progress(`${attempt.item}: ${name}${round > 0 ? ` (round ${round + 1})` : ''}`);
  const key = stageKey(name, round);
  await journal.append(key, 'begin');
  const end = await stage.run({ ...context, round });
  await journal.append(key, 'end', { ...end.data, result: end.result });
}
