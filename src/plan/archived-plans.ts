/** The plans in `.regen-history/`, read back: those that were finished, and those that were given up. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import type { ArchivedPlan, PlanHistory } from '../model/report-page.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import { historyFolder } from './archive.js';
import { readArchiveName } from './archive-name.js';
import { parsePlan } from './parse-plan.js';
import { planFile } from './plan-error.js';

/**
 * A file there that can't be read as a plan is told of, not an error: a person may keep others beside them.
 *
 * @param headings - what `items.heading` is; Items and Libraries are always read.
 */
export async function readArchivedPlans(root: string, headings: readonly string[]): Promise<PlanHistory> {
  const plans: ArchivedPlan[] = [];
  const unreadable: string[] = [];
  for (const name of await namesIn(path.join(root, historyFolder))) {
    const isAbandoned = name.endsWith(abandonedEnd);
    const facts = readArchiveName(isAbandoned ? `${name.slice(0, -abandonedEnd.length)}.md` : name);
    const text = facts === null ? null : await readOptional(path.join(root, historyFolder, name));
    if (facts === null || text === null) continue;
    const file = `${historyFolder}/${name}`;
    try {
      plans.push({ file, at: facts.at.toISOString(), isAbandoned, plan: parsePlan(text, { headings }) });
    } catch (error) {
      if (!(error instanceof RegenError)) throw error;
      unreadable.push(error.message.replace(planFile, file));
    }
  }
  return { plans: plans.sort((left, right) => (left.at < right.at ? 1 : -1)), unreadable };
}

const abandonedEnd = '.abandoned.md';

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
