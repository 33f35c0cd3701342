/** Which model an item is given to now: as the plan says, a dearer one for each time that it failed for a reason found by a program. */
import type { AgentFailure } from '../model/agent.js';
import { modelInNote } from '../model/model-note.js';
import type { PlanItem } from '../model/plan.js';
import type { RouteSettings } from '../model/route.js';
import type { Journal } from './journal.js';
import { positionOf } from './position.js';
import type { Routing } from './routing-station.js';
import { stageNamesOf } from './walk.js';

export interface ItemModel {
  readonly model: string;
  /** null: it is the one that everybody gets. */
  readonly why: string | null;
}

export interface Routed {
  readonly item: PlanItem | undefined;
  /** Since the plan has named the model that it names now; a block’s: since it was last set to be done. */
  readonly failures: number;
  /** The model of who is not routed. */
  readonly usual: string;
}

/** Without routing, the usual one. Pure. */
export function itemModel(
  { item, failures, usual }: Routed,
  {
    routing,
    settings,
  }: { readonly routing: Pick<Routing, 'route'>; readonly settings: RouteSettings | undefined },
): ItemModel {
  if (settings === undefined) return { model: usual, why: null };
  const planned = modelInNote(item?.note ?? '') ?? usual;
  const route = routing.route({ score: 0, failures, planned }, settings);
  return route.kind === 'model' ? { model: route.model, why: route.why } : { model: planned, why: null };
}

/**
 * How many attempts failed at what the author did: not at shipping, not for want of a judge, and not because something else
 * than its work ended it.
 */
export function objectiveFailures(attempts: readonly Journal[]): number {
  return attempts.filter((journal) => {
    const position = positionOf(journal.records(), stageNamesOf(journal.attempt));
    if (position.kind !== 'over' || position.end.kind !== 'failed') return false;
    const last = journal.records().findLast(({ effect, event }) => effect === 'stage' && event === 'end');
    if (last === undefined || !authorsStages.has(last.stage)) return false;
    return last.data['isUnjudged'] !== true && !othersFailures.has(last.data['failure']);
  }).length;
}

/** Money, the API, the binary: a dearer model wouldn’t have come further. */
const othersFailures: ReadonlySet<unknown> = new Set<AgentFailure>([
  ...(['max_budget', 'api_error', 'idle_timeout', 'nothing_asked'] as const),
  ...(['crashed', 'no_result', 'session_lost', 'session_taken'] as const),
]);

const authorsStages: ReadonlySet<string> = new Set(['agent', 'check', 'evaluate']);
