/** What `regen cost` tells, in one pass over the ledger. */
import path from 'node:path';
import type { PriceOverrides } from '../model/config.js';
import type { CostAnswer, CostQuestion, CostReport, Drifts } from '../model/cost.js';
import type { BudgetLimits } from '../model/forecast.js';
import type { LedgerFilter, LedgerRow } from '../model/ledger.js';
import type { Plan } from '../model/plan.js';
import type { Surroundings } from '../model/surroundings.js';
import { createDifferences } from './differences.js';
import { forecastOf } from './forecast.js';
import { createGrouping } from './groups.js';
import { createItemHistory } from './item-history.js';
import { createRates } from './rates.js';
import type { Rates } from './rates.js';
import { eachRow, rowFilter } from './rows.js';

export interface CostsParts {
  readonly surroundings: Pick<Surroundings, 'root' | 'now'>;
  /** `prices` of regen.yaml: for what the cache saved. Costs are those of the day on which they were booked. */
  readonly prices: PriceOverrides;
  /** `budget` of regen.yaml. */
  readonly limits: BudgetLimits;
}

/** @param plan - the one in work, for the forecast; null: there is none. */
export type AskCosts = (question: CostQuestion, plan: Plan | null) => Promise<CostAnswer>;

export function createCosts({ surroundings, prices, limits }: CostsParts): AskCosts {
  return async (question, plan) => {
    const now = surroundings.now();
    const rates = createRates(prices);
    const history = createItemHistory(now, rates);
    const books = createBooks(question, rates);
    const add = (row: LedgerRow): void => {
      history.add(row);
      books.add(row);
    };
    const unread = await eachRow(ledgerIn(surroundings.root), {}, { row: add, say: () => undefined });
    return {
      report: { ...books.sums(), unread },
      forecast: plan === null ? null : forecastOf({ plan, history: history.of(plan), limits, now }),
      known: { targets: history.targets(), plans: history.plans() },
    };
  };
}

function ledgerIn(root: string): string {
  return path.join(root, '.regen', 'ledger.jsonl');
}

interface Books {
  add(row: LedgerRow): void;
  sums(): Omit<CostReport, 'unread'>;
}

function createBooks(question: CostQuestion, rates: Rates): Books {
  const passes = rowFilter(filterOf(question));
  const grouping = createGrouping(question.by, rates);
  const unpriced = new Map<string, number>();
  const differences = createDifferences();
  let drifts: Drifts = { runs: 0, last: null };
  return {
    add(row) {
      if (!passes(row)) return;
      grouping.add(row);
      if (row.kind === 'run') {
        differences.add(row);
        if (row.cache !== 'drifted') return;
        drifts = { runs: drifts.runs + 1, last: row.drift ?? null };
      } else if (row.costUsd === null) unpriced.set(row.model, (unpriced.get(row.model) ?? 0) + 1);
    },
    sums: () => ({
      groups: grouping.groups(),
      total: grouping.total(),
      unpriced: [...unpriced].map(([model, requests]) => ({ model, requests })),
      differences: differences.all(),
      drifts,
    }),
  };
}

function filterOf({ since, target, plan }: CostQuestion): LedgerFilter {
  return {
    ...(since === null ? {} : { since }),
    ...(target === null ? {} : { target }),
    ...(plan === null ? {} : { plan }),
  };
}
