/** The part of the composition root that stays light: what `status`, `retry` and `skip` need. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { scanHeading } from './config/heading.js';
import type { Surroundings } from './model/surroundings.js';
import { createPlanStore } from './plan/store.js';
import type { Ledger, PlanStore } from './step/stations.js';
import { createLedger } from './usage/ledger.js';

/** @param configFile - `--config`; null or left out: regen.yaml. */
export async function wirePlans(surroundings: Surroundings, configFile?: string): Promise<PlanStore> {
  return createPlanStore({ surroundings, headings: await headings(surroundings, configFile) });
}

export async function wireStatus(
  surroundings: Surroundings,
  configFile?: string,
): Promise<{ readonly plans: PlanStore; readonly ledger: Ledger }> {
  return {
    plans: await wirePlans(surroundings, configFile),
    ledger: createLedger({ surroundings, prices: {} }),
  };
}

/** The parser of regen.yaml is loaded only when the heading can't be told from the text. */
async function headings(surroundings: Surroundings, configFile?: string): Promise<readonly string[]> {
  const file = path.resolve(surroundings.root, configFile ?? 'regen.yaml');
  const text = await readFile(file, 'utf8').catch(() => null);
  // Without regen.yaml the usual headings do; a file that was named has to be there.
  if (text === null && configFile === undefined) return [];
  const found = text === null ? null : scanHeading(text);
  if (found?.kind === 'none') return [];
  if (found?.kind === 'plain') return [found.heading];
  const { loadConfig } = await import('./config/load.js');
  return [(await loadConfig({ surroundings, file: configFile })).items.heading];
}
