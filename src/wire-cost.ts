/** The part of the composition root for what reads the whole ledger: `cost`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PriceOverrides } from './model/config.js';
import type { BudgetLimits } from './model/forecast.js';
import type { Surroundings } from './model/surroundings.js';
import type { PlanStore } from './step/stations.js';
import { createCosts } from './usage/costs.js';
import type { AskCosts } from './usage/costs.js';
import { wireStatus } from './wire-status.js';
import type { HeadingSource } from './wire-status.js';

export async function wireCost(
  surroundings: Surroundings,
  source: HeadingSource,
): Promise<{ readonly plans: PlanStore; readonly costs: AskCosts }> {
  const { plans } = await wireStatus(surroundings, source);
  return { plans, costs: createCosts({ surroundings, ...(await moneySettings(surroundings, source)) }) };
}

export interface MoneySettings {
  readonly prices: PriceOverrides;
  readonly limits: BudgetLimits;
}

/** `prices` and `budget`; the parser of regen.yaml is loaded only for a file that has either word in it. */
export async function moneySettings(
  surroundings: Surroundings,
  { configFile }: Pick<HeadingSource, 'configFile'>,
): Promise<MoneySettings> {
  const file = path.resolve(surroundings.root, configFile ?? 'regen.yaml');
  const text = await readFile(file, 'utf8').catch(() => null);
  // Without regen.yaml the table's prices do; a file that was named has to be there.
  const isSilent = text === null ? configFile === undefined : !/prices|budget/.test(text);
  if (isSilent) return { prices: {}, limits: {} };
  const { loadConfig } = await import('./config/load.js');
  const { prices, budget } = await loadConfig({ surroundings, file: configFile });
  return { prices, limits: budget };
}
