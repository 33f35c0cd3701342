/** Where the plan stands. */
import { countStates, modeOf, planKey } from '../model/plan.js';
import type { ItemState, LogEntry, Plan } from '../model/plan.js';
import type { ItemStatus, Status } from '../model/status.js';
import type { Surroundings } from '../model/surroundings.js';
import { noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import type { Waiting } from '../model/wait.js';
import { withoutEvidence } from './log-line.js';
import { runningItems } from './running.js';
import type { Ledger } from './ledger-station.js';
import type { PlanStore } from './stations.js';
import { isInForce, readWait } from './wait-state.js';

/** Reads the plan, the ledger and the locks; changes nothing. */
export async function readStatus(
  surroundings: Surroundings,
  stations: { readonly plans: Pick<PlanStore, 'read'>; readonly ledger: Pick<Ledger, 'totals'> },
): Promise<Status> {
  const plan = await stations.plans.read();
  const running = await runningItems(surroundings);
  const waiting = await waitingNow(surroundings, plan);
  if (plan === null) {
    return {
      target: null,
      title: null,
      mode: 'plan',
      items: [],
      counts: countStates([]),
      running,
      usage: noUsage,
      waiting,
    };
  }
  const totals = await stations.ledger.totals({ plan: planKey(plan), target: plan.target });
  return {
    target: plan.target,
    title: plan.title,
    mode: modeOf(plan),
    items: itemStatuses(plan, totals.byItem),
    counts: countStates(plan.items),
    running,
    usage: totals.all,
    waiting,
  };
}

/** What the file says; whether a budget was raised since, only a step finds out. */
export async function waitingNow(surroundings: Surroundings, plan: Plan | null): Promise<Waiting | null> {
  const state = await readWait(surroundings);
  if (state === null || !isInForce(state, surroundings.now())) return null;
  const isOfThisPlan = plan !== null && planKey(plan) === state.plan;
  if (state.kind === 'target_budget' && !isOfThisPlan) return null;
  const { kind, reason, retryAt, since } = state;
  return { kind, reason, retryAt, since };
}

/** What the plan says of each item, and what it cost. */
export function itemStatuses(plan: Plan, usage: ReadonlyMap<string, Usage>): readonly ItemStatus[] {
  const lastLog = new Map<string, LogEntry>(plan.log.map((entry) => [entry.item, entry]));
  return plan.items.map(({ id, state }) => {
    const spent = usage.get(id);
    return {
      id,
      state,
      costUsd: spent === undefined ? 0 : spent.costUsd,
      ...readLog(state, lastLog.get(id)?.text ?? ''),
    };
  });
}

/** What the item's last log line says; of an item that is to do again it says nothing any more. */
function readLog(state: ItemState, text: string): Pick<ItemStatus, 'pr' | 'score' | 'reason'> {
  const url = /\bPR (https?:\/\/[^\s,]+)/.exec(text)?.[1];
  const number = url === undefined ? NaN : Number(/(\d+)$/.exec(url)?.[1]);
  const score = /\bscore (\d+(?:\.\d+)?)/.exec(text)?.[1];
  const isEnded = state === 'failed' || state === 'skipped';
  const reason = /^(?:FAILED(?::| —)|skipped:|unchanged:)\s*(.*?)(?:\s*\([^()]*\))?$/.exec(text)?.[1];
  return {
    pr: state === 'todo' || url === undefined || Number.isNaN(number) ? null : { number, url },
    score: state === 'todo' || score === undefined ? null : Number(score),
    reason: state === 'waiting' ? batchIn(text) : isEnded ? withoutUsage(reason) : null,
  };
}

/** Where the item went; null: an agent handed it off, and the log tells of it in its own words. */
function batchIn(text: string): string | null {
  return /^batch \S+/.exec(text)?.[0] ?? null;
}

/** The log puts what an attempt cost behind its reason. */
function withoutUsage(reason: string | undefined): string | null {
  return reason === undefined
    ? null
    : withoutEvidence(reason).replace(/[,;] [\d.]+[kM]? tokens?, (?:<?-?\$[\d.]+|price unknown)$/, '');
}
