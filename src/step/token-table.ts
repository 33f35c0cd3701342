/** Token tables out of the books' sums. Pure. */
import { apportionUsage } from '../model/apportion.js';
import { sessionStage } from '../model/ledger.js';
import type { LedgerGroup } from '../model/ledger.js';
import { orchestratorName } from '../model/token-table.js';
import type { OrchestratorParts, TokenRow, TokenSum, TokenTable } from '../model/token-table.js';
import { addUsage, noUsage, totalTokens } from '../model/usage.js';
import type { Usage } from '../model/usage.js';

/** What plans, reviews and drives, as opposed to what does the work. */
const orchestratorStages: readonly string[] = ['plan', 'audit', 'evaluate', sessionStage];

/**
 * Everything that an item took in the plan's life: a row for each stage of the attempt, one for the orchestrator's share,
 * one for the attempts before it and one for those after it. The total is what the books have of the item, and its share
 * in what it shares.
 *
 * @param sums - of the whole plan: shared turns are split by what each item's own ones come to.
 * @param outside - what the sessions said for no item.
 */
export function itemTable(
  sums: readonly TokenSum[],
  { item, attempt }: { readonly item: string; readonly attempt: string },
  outside: Usage,
): TokenTable {
  const own = sums.filter((sum) => sum.item === item);
  const shared = sums.flatMap((sum) => shareOf(sums, sum, item) ?? []);
  const attempts = [...new Set(own.map((sum) => sum.attempt))];
  const place = attempts.indexOf(attempt);
  const others = (isWanted: (index: number) => boolean) =>
    own.filter((sum) => sum.attempt !== attempt && isWanted(attempts.indexOf(sum.attempt)));
  const current = own.filter((sum) => sum.attempt === attempt);
  // Before anything was booked for it, all others are earlier ones.
  const earlier = others((index) => place === -1 || index < place);
  const later = others((index) => place !== -1 && index > place);
  return {
    rows: [
      ...stageRows(current, shared),
      ...otherAttempts('earlier', earlier),
      ...otherAttempts('later', later),
    ],
    total: rowOf('Total', [...own, ...shared]),
    orchestrator: partsOf(current, shared),
    outside,
  };
}

/**
 * The same of several items that were shipped together: everything that each of them took, in whichever pack it was asked.
 *
 * @param sums - of the whole plan.
 */
export function shipmentTable(
  sums: readonly TokenSum[],
  members: readonly string[],
  outside: Usage,
): TokenTable {
  const wanted = new Set(members);
  const own = sums.filter(({ item }) => item !== null && wanted.has(item));
  const turns = sums.filter(({ sharedBy }) => sharedBy.length > 0);
  const shared = members.flatMap((item) => turns.flatMap((sum) => shareOf(sums, sum, item) ?? []));
  return {
    rows: stageRows(own, shared),
    total: rowOf('Total', [...own, ...shared]),
    orchestrator: partsOf(own, shared),
    outside,
  };
}

/** What the attempt took by itself, and its item's share in what several share: the attempt's own rows of the table. */
export function attemptUsage(
  sums: readonly TokenSum[],
  { item, attempt }: { readonly item: string; readonly attempt: string },
): Usage {
  const own = sums.filter((sum) => sum.item === item && sum.attempt === attempt);
  return usageOf([...own, ...sums.flatMap((sum) => shareOf(sums, sum, item) ?? [])]);
}

/** Everything that a plan took: a row for each stage and one for the orchestrator. */
export function planTable(sums: readonly TokenSum[], outside: Usage): TokenTable {
  const isShared = (sum: TokenSum) => sum.sharedBy.length > 0;
  const own = sums.filter((sum) => !isShared(sum));
  const shared = sums.filter(isShared);
  return {
    rows: stageRows(own, shared),
    total: rowOf('Total', sums),
    orchestrator: partsOf(own, shared),
    outside,
  };
}

/** The same of groups by stage: what a run of several steps took. */
export function groupTable(groups: readonly LedgerGroup[], outside: Usage): TokenTable {
  const sums = groups.map((group): TokenSum => ({
    ...{ item: null, sharedBy: [], attempt: null, stage: group.key ?? '', isFirstRound: true },
    ...{ usage: group.usage, pricedUsd: group.pricedUsd, estimated: group.estimated },
    ...{ peakContext: group.peakContext, durationMs: group.durationMs },
    sessions: [],
  }));
  return planTable(sums, outside);
}

/**
 * Sessions that drove items, as far as the sums tell.
 *
 * @param items - null: any.
 */
export function drivingSessions(
  sums: readonly TokenSum[],
  items: readonly string[] | null,
): readonly string[] {
  const isDriven = ({ item, sharedBy }: TokenSum): boolean =>
    items === null || items.some((one) => item === one || sharedBy.includes(one));
  const driving = sums.filter((sum) => sum.stage === sessionStage && isDriven(sum));
  return [...new Set(driving.flatMap(({ sessions }) => sessions))];
}

/** An item's part of shared turns, in proportion to what each of the sharers has of its own in the same session. */
function shareOf(sums: readonly TokenSum[], sum: TokenSum, item: string): TokenSum | null {
  const place = sum.sharedBy.indexOf(item);
  if (place === -1) return null;
  const [session] = sum.sessions;
  const weights = sum.sharedBy.map((sharer) =>
    sums
      .filter((own) => own.stage === sessionStage && own.item === sharer && own.sessions[0] === session)
      .reduce((tokens, { usage }) => tokens + totalTokens(usage), 0),
  );
  const part = (usage: Usage): Usage => apportionUsage(usage, weights)[place] ?? noUsage;
  const priced = part({ ...sum.usage, costUsd: sum.pricedUsd });
  return {
    ...sum,
    usage: part(sum.usage),
    pricedUsd: priced.costUsd ?? 0,
    estimated: part(sum.estimated),
  };
}

/** The stages in the order of their first sums, the orchestrator after them. */
function stageRows(own: readonly TokenSum[], shared: readonly TokenSum[]): readonly TokenRow[] {
  const groups = new Map<string, TokenSum[]>();
  for (const sum of own.filter(({ stage }) => !orchestratorStages.includes(stage))) {
    const name = sum.isFirstRound ? sum.stage : `${sum.stage}, later rounds`;
    groups.set(name, [...(groups.get(name) ?? []), sum]);
  }
  const orchestrator = [...own.filter(({ stage }) => orchestratorStages.includes(stage)), ...shared];
  return [
    ...[...groups].map(([name, sums]) => rowOf(name, sums)),
    ...(orchestrator.length === 0 ? [] : [rowOf(orchestratorName, orchestrator)]),
  ];
}

function otherAttempts(which: 'earlier' | 'later', sums: readonly TokenSum[]): readonly TokenRow[] {
  if (sums.length === 0) return [];
  const count = new Set(sums.map(({ attempt }) => attempt)).size;
  return [rowOf(`${count} ${which} ${count === 1 ? 'attempt' : 'attempts'}`, sums)];
}

function partsOf(own: readonly TokenSum[], shared: readonly TokenSum[]): OrchestratorParts | null {
  const isOrchestrators = (sum: TokenSum) => orchestratorStages.includes(sum.stage);
  const orchestrators = own.filter(isOrchestrators);
  if (orchestrators.length + shared.length === 0) return null;
  const isTurn = (sum: TokenSum) => sum.stage === sessionStage;
  return {
    evaluation: usageOf(orchestrators.filter((sum) => !isTurn(sum))),
    ownTurns: usageOf(orchestrators.filter(isTurn)),
    sharedTurns: usageOf(shared),
  };
}

function rowOf(name: string, sums: readonly TokenSum[]): TokenRow {
  return {
    name,
    usage: usageOf(sums),
    pricedUsd: sums.reduce((usd, { pricedUsd }) => usd + pricedUsd, 0),
    estimated: sums.reduce((sum, { estimated }) => addUsage(sum, estimated), noUsage),
    sessions: new Set(sums.flatMap(({ sessions }) => sessions)).size,
    peakContext: Math.max(0, ...sums.map(({ peakContext }) => peakContext)),
    durationMs: sums.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
}

function usageOf(sums: readonly TokenSum[]): Usage {
  return sums.reduce((sum, { usage }) => addUsage(sum, usage), noUsage);
}
