/** What the ledger knows about prompts: how many requests items took, and what the first request of a run came to. */
import path from 'node:path';
import type { LedgerRow, MessageRow } from '../model/ledger.js';
import type { ExpectedRequests } from '../model/prompt-scale.js';
import { promptTokens } from '../model/usage.js';
import { eachRow } from './rows.js';

/** A run's first request: everything in it is what the run was told. */
export interface FirstRequest {
  readonly plan: string;
  readonly target: string;
  readonly item: string;
  readonly attempt: string;
  /** The run's folder below the attempt's. */
  readonly run: string;
  readonly model: string;
  readonly promptTokens: number;
}

export interface PromptHistory {
  /** Latest last. */
  readonly first: readonly FirstRequest[];
  /** null: no item is on the books. */
  readonly requests: ExpectedRequests | null;
}

/** @param own - the plan (by its key) and the target whose items say most. */
export async function readPromptHistory(
  root: string,
  own: { readonly plan: string | null; readonly target: string },
): Promise<PromptHistory> {
  const items = new Map<string, Counted>();
  const sessions = new Map<string, MessageRow>();
  const first: FirstRequest[] = [];
  const add = (row: LedgerRow): void => {
    if (row.stage !== stage || row.item === null || row.attempt === null) return;
    if (row.kind === 'run') {
      const message = sessions.get(row.session);
      sessions.delete(row.session);
      if (message !== undefined && row.round === 0) {
        const { plan, target, item, attempt, run } = { ...row, item: row.item, attempt: row.attempt };
        first.push({
          plan,
          target,
          item,
          attempt,
          run,
          model: message.model,
          promptTokens: promptTokens(message),
        });
      }
      return;
    }
    const key = JSON.stringify([row.plan, row.target, row.item]);
    const counted = items.get(key) ?? { plan: row.plan, target: row.target, requests: 0 };
    items.set(key, { ...counted, requests: counted.requests + 1 });
    const isFirst = row.round === 0 && !sessions.has(row.session) && !row.isSidechain && !row.isEstimate;
    if (isFirst) sessions.set(row.session, row);
  };
  const file = path.join(root, '.regen', 'ledger.jsonl');
  await eachRow(file, {}, { row: add, say: () => undefined });
  return { first, requests: expected([...items.values()], own) };
}

/** The author's runs: what a judge is asked has a prompt of its own. */
const stage = 'agent';

interface Counted {
  readonly plan: string;
  readonly target: string;
  readonly requests: number;
}

/** The mean of the items that are nearest to the plan. */
function expected(
  items: readonly Counted[],
  own: { readonly plan: string | null; readonly target: string },
): ExpectedRequests | null {
  const ofTarget = items.filter(({ target }) => target === own.target);
  const ofPlan = ofTarget.filter(({ plan }) => plan === own.plan);
  const { source, nearest } = nearestOf(items, ofTarget, ofPlan);
  if (nearest.length === 0) return null;
  const sum = nearest.reduce((all, { requests }) => all + requests, 0);
  return { count: Math.max(1, Math.round(sum / nearest.length)), source, items: nearest.length };
}

function nearestOf(
  all: readonly Counted[],
  ofTarget: readonly Counted[],
  ofPlan: readonly Counted[],
): { readonly source: ExpectedRequests['source']; readonly nearest: readonly Counted[] } {
  if (ofPlan.length > 0) return { source: 'plan', nearest: ofPlan };
  return ofTarget.length > 0 ? { source: 'target', nearest: ofTarget } : { source: 'others', nearest: all };
}
