/** What `regen report` shows, gathered from the plans, the ledger and the journals; changes nothing. */
import path from 'node:path';
import type { Forecast } from '../model/forecast.js';
import { countStates, planKey } from '../model/plan.js';
import type { Plan } from '../model/plan.js';
import type {
  ItemSpending,
  PlanHistory,
  ReportedPlan,
  ReportPage,
  SpendingOverview,
} from '../model/report-page.js';
import { addSpending, noSpending } from '../model/spending.js';
import type { Spending } from '../model/spending.js';
import type { Surroundings } from '../model/surroundings.js';
import { createMask } from '../system/mask.js';
import { failuresOf } from './logged-failures.js';
import { runningItems } from './running.js';
import { readStageTimes } from './stage-times.js';
import type { PlanStore } from './stations.js';
import { itemStatuses, waitingNow } from './status.js';

export interface ReportStations {
  readonly plans: Pick<PlanStore, 'read'>;
  history(): Promise<PlanHistory>;
  /** The whole ledger, and what it says of the plan's rest. */
  overview(plan: Plan | null): Promise<{
    readonly spending: SpendingOverview;
    readonly forecast: Forecast | null;
  }>;
}

/** Every text of the result is masked. */
export async function readReport(surroundings: Surroundings, stations: ReportStations): Promise<ReportPage> {
  const plan = await stations.plans.read();
  const history = await stations.history();
  const { spending: overview, forecast } = await stations.overview(plan);
  const { items, ...spending } = overview;
  const { times, unreadable } = await readStageTimes(surroundings);
  const spendingOf = spendingByPlan(items);
  return masked(
    {
      generatedAt: surroundings.now().toISOString(),
      repository: path.basename(surroundings.root),
      plan: plan === null ? null : { ...reported(plan, spendingOf(plan)), archived: null },
      archives: history.plans.map(({ plan: archived, ...facts }) => ({
        ...reported(archived, spendingOf(archived)),
        archived: facts,
      })),
      running: await runningItems(surroundings),
      waiting: await waitingNow(surroundings, plan),
      spending,
      stages: times,
      failures: failuresOf(plan, history.plans),
      forecast,
      gaps: [...spending.unread, ...history.unreadable, ...unreadable].map((line) =>
        line.replaceAll(`${surroundings.root}${path.sep}`, ''),
      ),
    },
    surroundings,
  );
}

interface PlanSpending {
  readonly all: Spending;
  readonly byItem: ReadonlyMap<string, Spending>;
}

function reported(plan: Plan, { all, byItem }: PlanSpending): Omit<ReportedPlan, 'archived'> {
  return {
    target: plan.target,
    title: plan.title,
    created: plan.created,
    counts: countStates(plan.items),
    items: itemStatuses(plan, new Map()).map(({ id, state, pr, score, reason }) => ({
      id,
      state,
      pr,
      score,
      reason,
      spending: byItem.get(id) ?? noSpending,
    })),
    spending: all,
  };
}

function spendingByPlan(rows: readonly ItemSpending[]): (plan: Plan) => PlanSpending {
  const plans = new Map<string, ItemSpending[]>();
  for (const row of rows) {
    const key = placeOf(row.plan, row.target);
    plans.set(key, [...(plans.get(key) ?? []), row]);
  }
  return (plan) => {
    const mine = plans.get(placeOf(planKey(plan), plan.target)) ?? [];
    return {
      all: mine.reduce<Spending>(addSpending, noSpending),
      byItem: new Map(mine.flatMap((row) => (row.item === null ? [] : [[row.item, row]]))),
    };
  };
}

function placeOf(plan: string, target: string): string {
  return JSON.stringify([plan, target]);
}

/** It leaves the machine more easily than anything else here: people mail it. */
function masked(page: ReportPage, { env }: Surroundings): ReportPage {
  const mask = createMask(env);
  const text = JSON.stringify(page, (_key, value: unknown) =>
    typeof value === 'string' ? mask(value) : value,
  );
  return JSON.parse(text) as ReportPage; // numbers, texts and null come back as they went
}
