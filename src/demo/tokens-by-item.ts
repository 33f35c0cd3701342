/** What regen booked for each item beside what the model's account was charged. */
import { totalTokens } from '../model/usage.js';
import { assignmentOf } from './author.js';
import type { ReadStep } from '../model/step-document.js';
import { sumBill } from './model/bill.js';
import type { ScriptedModel } from './model/server.js';

export interface ItemTokens {
  readonly item: string;
  /** Answers of the model that were billed. */
  readonly requests: number;
  /** As the steps' documents say. */
  readonly booked: number;
  /** As the model's own bill says. */
  readonly billed: number;
}

/** One row per item that a step worked on, in the order of the steps. */
export function tokensByItem(
  steps: readonly ReadStep[],
  model: Pick<ScriptedModel, 'bill' | 'requests'>,
): ItemTokens[] {
  const itemOf = itemsBySession(model.requests);
  const items = [...new Set(steps.flatMap((step) => step.item ?? []))];
  return items.map((item) => {
    const entries = model.bill.filter(({ sessionId }) => itemOf.get(sessionId) === item);
    const usages = steps.filter((step) => step.item === item).map((step) => totalTokens(step.usage));
    return {
      item,
      requests: entries.length,
      booked: usages.reduce((sum, each) => sum + each, 0),
      billed: totalTokens(sumBill(entries)),
    };
  });
}

/** How many prompts each item's sessions were given: more than one means that a check sent it back. */
export function promptsByItem(model: Pick<ScriptedModel, 'requests'>): ReadonlyMap<string, number> {
  const prompts = new Map<string, number>();
  for (const { scripted } of model.requests) {
    const item = scripted === null ? undefined : assignmentOf(scripted.request)?.item;
    const count = scripted?.request.prompts.length ?? 0;
    if (item !== undefined) prompts.set(item, Math.max(count, prompts.get(item) ?? 0));
  }
  return prompts;
}

function itemsBySession(requests: ScriptedModel['requests']): ReadonlyMap<string | null, string> {
  return new Map(
    requests.flatMap(({ scripted }) => {
      const item = scripted === null ? undefined : assignmentOf(scripted.request)?.item;
      return scripted === null || item === undefined ? [] : [[scripted.request.sessionId, item] as const];
    }),
  );
}
