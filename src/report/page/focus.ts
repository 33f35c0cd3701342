import { isNothing } from '../../model/usage.js';
import type { ReportedPlan, ReportPage } from '../../model/report-page.js';

/** The plan that charts of items are about. */
export interface PlanInFocus {
  readonly plan: ReportedPlan;
  /** `the plan of autumn`, `the plan of autumn, archived 2026-05-02` */
  readonly words: string;
}

/** The plan at work when something was spent on its items, else the newest archived one of which that is true. */
export function planInFocus({ plan, archives }: ReportPage): PlanInFocus | null {
  const all = plan === null ? archives : [plan, ...archives];
  const found = all.find(({ items }) => items.some(({ spending }) => !isNothing(spending.usage))) ?? all[0];
  if (found === undefined) return null;
  const archived = found.archived === null ? '' : `, archived ${found.archived.at.slice(0, 10)}`;
  return { plan: found, words: `the plan of ${found.target}${archived}` };
}
