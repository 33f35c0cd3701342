/** The part of the composition root for `report`: whatever is on record here, nothing that works on it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Surroundings } from './model/surroundings.js';
import { readArchivedPlans } from './plan/archived-plans.js';
import { createPlanStore } from './plan/store.js';
import type { ReportStations } from './step/report-page.js';
import { createOverview } from './usage/overview.js';
import { moneySettings } from './wire-cost.js';
import { readHeadings } from './wire-status.js';
import type { HeadingSource } from './wire-status.js';

export async function wireReport(surroundings: Surroundings, source: HeadingSource): Promise<ReportStations> {
  const headings = await readHeadings(surroundings, source);
  const money = await moneySettings(surroundings, source);
  return {
    plans: createPlanStore({ surroundings, headings }),
    history: () => readArchivedPlans(surroundings.root, headings),
    overview: createOverview({ surroundings, ...money }),
  };
}

/** Where the page goes unless somebody names another file, absolute. Git ignores it, also where no step was made yet. */
export async function defaultReportFile(surroundings: Surroundings, signal: AbortSignal): Promise<string> {
  const folder = path.join(surroundings.root, '.regen');
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) await makeIgnored(folder, surroundings, signal);
  return path.join(folder, 'report.html');
}

async function makeIgnored(folder: string, surroundings: Surroundings, signal: AbortSignal): Promise<void> {
  const [{ mkdir }, { createGit }, { ensureIgnored }, { createRepository }] = await Promise.all([
    import('node:fs/promises'),
    import('./workspace/git.js'),
    import('./workspace/ignore.js'),
    import('./workspace/repository.js'),
  ]);
  const git = createGit(surroundings);
  // The base is asked for nothing.
  await ensureIgnored(git, createRepository(git, surroundings.root, ''), signal);
  await mkdir(folder, { recursive: true });
}
