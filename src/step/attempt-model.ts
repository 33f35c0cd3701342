/** Which model an attempt's author is: looked up at each step until it has answered, and the same one from then on. */
import type { AgentOutcome } from '../model/agent.js';
import type { ItemRef } from '../model/attempt.js';
import { canonicalModel } from '../model/model-name.js';
import { modelInNote } from '../model/model-note.js';
import { planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import { itemModel, objectiveFailures } from './item-model.js';
import type { ItemModel } from './item-model.js';
import type { EffectKey, Journal, JournalData } from './journal.js';
import { ended } from './journal.js';
import type { Line } from './stage.js';

/** The record of another model than the one that the attempt was opened with. */
const modelKey: EffectKey = { stage: 'attempt', round: 0, effect: 'model' };

/** What the choice is made from. */
export interface ModelLine {
  readonly config: Pick<Line['config'], 'routing'> & {
    readonly agent: Pick<Line['config']['agent'], 'model'>;
  };
  readonly stations: Pick<Line['stations'], 'routing'> & {
    readonly ledger: Pick<Line['stations']['ledger'], 'rows'>;
  };
  readonly journals: Pick<Line['journals'], 'attempts'>;
  readonly surroundings: Pick<Line['surroundings'], 'progress'>;
}

/** The model that the attempt was routed to; null: the configured one. */
export function modelOf(journal: Journal): string | null {
  const { model } = decided(journal);
  return typeof model === 'string' ? model : null;
}

function decided(journal: Journal): JournalData {
  const { model, planned } = journal.attempt;
  return ended(journal, modelKey) ?? { model, planned };
}

/** For an attempt that is opened. */
export async function firstModel(
  line: ModelLine,
  plan: Plan,
  ref: ItemRef,
): Promise<{ readonly model?: string; readonly planned?: string | null }> {
  const routed = await routedModel(line, plan, ref);
  if (routed === null) return {};
  say(line, ref, routed);
  return { model: routed.model, planned: namedIn(plan, ref) };
}

/** For one that is gone on with: what nobody has answered for may have been a mistake in the plan, mended since. */
export async function renewModel(line: ModelLine, plan: Plan, journal: Journal): Promise<void> {
  if (await hasAnswered(line, journal)) return;
  const routed = await routedModel(line, plan, journal.attempt);
  const model = routed?.model ?? null;
  const named = namedIn(plan, journal.attempt);
  const isKnown = model === modelOf(journal);
  if (isKnown && !isNamedAnew(journal, named)) return;
  await journal.append(modelKey, 'end', { model, planned: named });
  if (isKnown) return;
  say(line, journal.attempt, routed ?? { model: line.config.agent.model, why: null });
}

/** What stands in the way when the author can’t be asked; where its model was routed, agent.model is not the one. */
export function withRoutedModel(outcome: AgentOutcome, journal: Journal): AgentOutcome {
  const model = modelOf(journal);
  if (outcome.kind !== 'not_ready' || model === null) return outcome;
  const place = 'The model is that behind the item in .regen-plan.md, or a dearer one of routing.models';
  return { ...outcome, hint: `${outcome.hint} ${place}: ${model}.` };
}

/**
 * Whether anything that the author said in this attempt is on the books. What broke off, or never began, is there as an
 * estimate: nothing has come of it.
 */
async function hasAnswered({ stations }: ModelLine, { attempt }: Journal): Promise<boolean> {
  const { plan, target, item, uuid } = attempt;
  const rows = await stations.ledger.rows({ plan, target, item, attempt: uuid });
  return rows.some(
    (row) => row.kind === 'message' && row.stage === 'agent' && !row.isSidechain && !row.isEstimate,
  );
}

/** null: nothing is routed. */
async function routedModel(line: ModelLine, plan: Plan, ref: ItemRef): Promise<ItemModel | null> {
  const settings = line.config.routing;
  if (settings === undefined) return null;
  const routing = await line.stations.routing();
  const attempts = await line.journals.attempts(planKey(plan), ref);
  const named = namedIn(plan, ref);
  const before = attempts.findLastIndex((journal) => isNamedAnew(journal, named));
  const failures = objectiveFailures(attempts.slice(before + 1));
  const item = plan.items.find(({ id }) => id === ref.item);
  return itemModel({ item, failures, usual: line.config.agent.model }, { routing, settings });
}

/** The model behind the item; null: none. */
function namedIn(plan: Plan, { item }: ItemRef): string | null {
  return modelInNote(plan.items.find(({ id }) => id === item)?.note ?? '');
}

/** Whether a person has named another model since, or taken it away: then nothing has failed with that choice yet. */
function isNamedAnew(journal: Journal, named: string | null): boolean {
  const { planned } = decided(journal);
  // Attempts of older versions don’t say.
  if (typeof planned !== 'string' && planned !== null) return false;
  return planned === null || named === null
    ? planned !== named
    : canonicalModel(planned) !== canonicalModel(named);
}

function say({ surroundings }: ModelLine, { item }: ItemRef, { model, why }: ItemModel): void {
  surroundings.progress(`${item}: ${model}${why === null ? '' : `: ${why}`}`);
}
