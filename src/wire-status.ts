/** The part of the composition root that stays light: what `status`, `retry` and `skip` need. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { scanHeading } from './config/heading.js';
import type { Surroundings } from './model/surroundings.js';
import { createPlanStore } from './plan/store.js';
import type { Ledger } from './step/ledger-station.js';
import type { PlanStore } from './step/stations.js';
import { createLedger } from './usage/ledger.js';

/** Where `items.heading` comes from. */
export interface HeadingSource {
  /** `--config`; left out: regen.yaml. */
  readonly configFile: string | undefined;
  /** Asked when the heading can't be told from the text: it costs the parser of regen.yaml. */
  readonly readConfig: (surroundings: Surroundings, configFile: string | undefined) => Promise<string>;
}

async function wirePlans(surroundings: Surroundings, source: HeadingSource): Promise<PlanStore> {
  return createPlanStore({ surroundings, headings: await readHeadings(surroundings, source) });
}

/** The plan for who is going to change it: one that git tracks is refused. */
export async function wireEditablePlans(
  surroundings: Surroundings,
  source: HeadingSource,
  signal: AbortSignal,
): Promise<PlanStore> {
  const { ensurePlanUntracked } = await import('./workspace/tracked-plan.js');
  await ensurePlanUntracked(surroundings, signal);
  return wirePlans(surroundings, source);
}

export async function wireStatus(
  surroundings: Surroundings,
  source: HeadingSource,
): Promise<{ readonly plans: PlanStore; readonly ledger: Ledger }> {
  return {
    plans: await wirePlans(surroundings, source),
    ledger: createLedger({ surroundings, prices: {} }),
  };
}

/** What `items.heading` is, without the parser of regen.yaml where that can be told. */
export async function readHeadings(
  surroundings: Surroundings,
  { configFile, readConfig }: HeadingSource,
): Promise<readonly string[]> {
  const file = path.resolve(surroundings.root, configFile ?? 'regen.yaml');
  const text = await readFile(file, 'utf8').catch(() => null);
  // Without regen.yaml the usual headings do; a file that was named has to be there.
  if (text === null && configFile === undefined) return [];
  const found = text === null ? null : scanHeading(text);
  if (found?.kind === 'none') return [];
  if (found?.kind === 'plain') return [found.heading];
  return [await readConfig(surroundings, configFile)];
}
