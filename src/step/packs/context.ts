/** What every step of a pack's way works with. */
import type { BlockFile, BlockItem } from '../../model/block.js';
import type { Plan } from '../../model/plan.js';
import { planKey } from '../../model/plan.js';
import type { RunContext } from '../run-context.js';
import type { Line } from '../stage.js';
import type { Worker } from '../worker-station.js';
import { shippedTexts } from './history.js';
import { packsOf } from './pack-journals.js';
import { plannedItems } from './planned-items.js';
import type { PackJournal } from './pack-journals.js';
import { referencesFor } from './references.js';
import type { PackReferences } from './references.js';
import { takenNames } from './taken-names.js';
import type { TakenNames } from './taken-names.js';

/** One invocation's view: the plan, the base that it works on, and the blocks that the base has. */
export interface PackLine {
  readonly line: Line;
  readonly worker: Worker;
  readonly plan: Plan;
  /** What blocks are read from, and shipments are made on: 40 hex digits. */
  readonly base: string;
  /** The commit that rules and references are read from: the fetched base, also where a target's one branch is gone on with. */
  readonly rules: string;
  readonly files: readonly BlockFile[];
  /** By the plan's ids. */
  readonly items: ReadonlyMap<string, BlockItem>;
  /** Items whose text the base doesn't have any more, or the fetched one. */
  readonly changed: ReadonlySet<string>;
  readonly references: PackReferences;
  readonly taken: TakenNames;
  readonly signal: AbortSignal;
}

interface OpenedFor {
  readonly plan: Plan;
  readonly base: string;
  /** Left out: the base. */
  readonly rules?: string;
  /** Nothing is written, not even what was chosen. */
  readonly isLooking?: boolean;
  /** What was asked before, so that it isn't again. */
  readonly taken?: TakenNames;
}

export async function openPackLine(
  line: Line,
  { plan, base, rules = base, isLooking = false, ...given }: OpenedFor,
  signal: AbortSignal,
): Promise<PackLine> {
  const taken = given.taken ?? takenNames(line, plan.target, signal);
  const shipped = shippedTexts(await packsOfPlan({ line, plan }));
  const planned = await plannedItems(line.stations, { plan, base, shipped }, signal);
  // What somebody has rewritten since is another block, whatever stands on the target's branch.
  const newest =
    rules === base ? planned : await plannedItems(line.stations, { plan, base: rules, shipped }, signal);
  const changed = new Set([...planned.changed, ...newest.changed]);
  const worker = await line.stations.worker();
  const packLine = { line, worker, plan, base, rules, ...planned, changed, taken, signal };
  return { ...packLine, references: await referencesFor(packLine, isLooking) };
}

/** The same on the base that a pack was opened on: what it was asked about. */
export async function onBaseOf(packLine: PackLine, { attempt }: PackJournal): Promise<PackLine> {
  const { line, plan, base, signal } = packLine;
  const { rules } = attempt;
  if (attempt.base === base) return { ...packLine, rules };
  const shipped = shippedTexts(await packsOfPlan(packLine));
  const planned = await plannedItems(line.stations, { plan, base: attempt.base, shipped }, signal);
  return { ...packLine, base: attempt.base, rules, ...planned };
}

/** What a booked run of the model for the pack needs. */
export function runContextOf(
  { line, worker, signal }: Pick<PackLine, 'line' | 'worker' | 'signal'>,
  pack: PackJournal,
): RunContext {
  const { config, surroundings, stations } = line;
  const { ledger, plans, prompts } = stations;
  return {
    ...{ config, surroundings, signal },
    stations: { agent: worker.model, ledger, plans, prompts },
    journals: { ofPlan: async (plan, target) => packsOf(surroundings, { plan, target }) },
    ...{ attempt: pack.attempt, journal: pack, round: 0 },
  };
}

/** The packs of the line's plan. */
export function packsOfPlan({
  line,
  plan,
}: Pick<PackLine, 'line' | 'plan'>): Promise<readonly PackJournal[]> {
  return packsOf(line.surroundings, { plan: planKey(plan), target: plan.target });
}
