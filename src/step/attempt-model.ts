/** Which model an attempt's author is: looked up at each step until it has answered, and the same one from then on. */
import type { ItemRef } from '../model/attempt.js';
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
  const decided: JournalData = ended(journal, modelKey) ?? { model: journal.attempt.model };
  return typeof decided['model'] === 'string' ? decided['model'] : null;
}

/** For an attempt that is opened. */
export async function firstModel(
  line: ModelLine,
  plan: Plan,
  ref: ItemRef,
): Promise<{ readonly model?: string }> {
  const routed = await routedModel(line, plan, ref);
  if (routed === null) return {};
  say(line, ref, routed);
  return { model: routed.model };
}

/** For one that is gone on with: what nobody has answered for may have been a mistake in the plan, mended since. */
export async function renewModel(line: ModelLine, plan: Plan, journal: Journal): Promise<void> {
  if (await hasAnswered(line, journal)) return;
  const routed = await routedModel(line, plan, journal.attempt);
  const model = routed?.model ?? null;
  if (model === modelOf(journal)) return;
  await journal.append(modelKey, 'end', { model });
  say(line, journal.attempt, routed ?? { model: line.config.agent.model, why: null });
}

/** Whether anything that the author said in this attempt is on the books. */
async function hasAnswered({ stations }: ModelLine, { attempt }: Journal): Promise<boolean> {
  const { plan, target, item, uuid } = attempt;
  const rows = await stations.ledger.rows({ plan, target, item, attempt: uuid });
  return rows.some((row) => row.kind === 'message' && row.stage === 'agent' && !row.isSidechain);
}

/** null: nothing is routed. */
async function routedModel(line: ModelLine, plan: Plan, ref: ItemRef): Promise<ItemModel | null> {
  const settings = line.config.routing;
  if (settings === undefined) return null;
  const routing = await line.stations.routing();
  const failures = objectiveFailures(await line.journals.attempts(planKey(plan), ref));
  const item = plan.items.find(({ id }) => id === ref.item);
  return itemModel({ item, failures, usual: line.config.agent.model }, { routing, settings });
}

function say({ surroundings }: ModelLine, { item }: ItemRef, { model, why }: ItemModel): void {
  surroundings.progress(`${item}: ${model}${why === null ? '' : `: ${why}`}`);
}
