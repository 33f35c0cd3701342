/** What is asked about next, of what has no answer yet: as one pack, or all of it as a batch. */
import { RegenError } from '../../model/errors.js';
import type { BlockItem } from '../../model/block.js';
import { noTokens } from '../../model/usage.js';
import { planKey } from '../../model/plan.js';
import type { PlanItem } from '../../model/plan.js';
import { budgetGate } from '../budget.js';
import { itemModel } from '../item-model.js';
import { ensureShippable } from '../stages/prepare.js';
import type { BatchJournal } from './batch-journals.js';
import { packsOfPlan } from './context.js';
import type { PackLine } from './context.js';
import { askedNow } from './good-blocks.js';
import { historyOf, noHistory, samplesOf } from './history.js';
import { packRoomFor } from './limits.js';
import type { HeldItems } from './locks.js';
import { allPacks, nextPack, oneBatch, sizeOf } from './next-pack.js';
import type { BatchCandidates, Candidates } from './next-pack.js';
import { openPack } from './pack-journals.js';
import type { PackJournal } from './pack-journals.js';
import { submitBatch } from './submit.js';
import { isNumberTaken } from './units.js';
import type { PackWork } from './work.js';

/** What is to be done and has no answer yet; null: nothing. */
export async function freshItems(packLine: PackLine): Promise<BatchCandidates | null> {
  const { line, signal } = packLine;
  const plan = await line.stations.plans.read();
  if (plan === null) return null;
  const packs = await packsOfPlan(packLine);
  const history = historyOf(packs);
  const open = plan.items.filter(
    ({ id, state }) =>
      state === 'todo' && !packLine.changed.has(id) && (history.get(id)?.answer ?? null) === null,
  );
  if (open.length === 0) return null;
  ensureKnown(packLine, open);
  await ensureShippable(line, signal);
  await line.stations.checks.preflightTools(signal);
  await budgetGate(line, { key: planKey(plan), target: plan.target });
  return candidatesFor(packLine, { packs, open });
}

interface Open {
  readonly packs: readonly PackJournal[];
  /** To be done, and without an answer. */
  readonly open: readonly PlanItem[];
}

/** How the open items would be packed now; nothing is written. */
export async function candidatesFor(packLine: PackLine, { packs, open }: Open): Promise<BatchCandidates> {
  const { line } = packLine;
  const history = historyOf(packs);
  const settings = line.config.routing;
  const routing = await line.stations.routing();
  const byId = new Map(open.map((item) => [item.id, item]));
  const modelOf = ({ id }: Pick<BlockItem, 'id'>): string => {
    // What failed with others may have failed because of them.
    const failures = (history.get(id) ?? noHistory).alone;
    const item = byId.get(id);
    return itemModel({ item, failures, usual: line.config.worker.model }, { routing, settings }).model;
  };
  const { limits, requestBytes } = await packRoomFor(packLine, [...new Set(open.map(modelOf))]);
  return {
    history,
    items: open.flatMap(({ id }) => packLine.items.get(id) ?? []),
    modelOf,
    requestBytes,
    pack: (some, model) => {
      const scale = packLine.worker.calibrate(samplesOf(packs, model));
      const sized = some.map((item) => ({ item, ...sizeOf(item, scale) }));
      return packLine.worker.pack(sized, limits(model)).map((call) => call.map(({ item }) => item));
    },
  };
}

/** Opens the next pack; null: somebody else took its items. */
export async function freshPack(
  packLine: PackLine,
  held: HeldItems,
  candidates: Candidates,
): Promise<PackWork | null> {
  const { line, plan, base, rules } = packLine;
  for (let items = candidates.items; ;) {
    const next = nextPack({ ...candidates, items });
    if (next === null) return null;
    const members = (await takeOpen(packLine, held, next.items)).map(({ id }) => id);
    if (members.length > 0) {
      const { model, callsToCome } = next;
      ensurePriced(packLine, model);
      const asked = (await askedNow(packLine))(members);
      const start = {
        plan: planKey(plan),
        target: plan.target,
        base,
        rules,
        members,
        model,
        asked,
        batch: null,
      };
      const pack = await openPack(line.surroundings, start, (number) =>
        isNumberTaken(packLine, members, number),
      );
      return { pack, callsToCome, isFresh: true };
    }
    // They are in somebody's hands: the ones behind them may be free.
    const others = new Set(next.items.map(({ id }) => id));
    items = items.filter(({ id }) => !others.has(id));
  }
}

/** Everything that is open as one batch. */
export async function submitFresh(
  packLine: PackLine,
  held: HeldItems,
  candidates: BatchCandidates,
): Promise<BatchJournal | null> {
  const calls: { readonly items: readonly BlockItem[]; readonly model: string }[] = [];
  for (const { items, model } of oneBatch(allPacks(candidates), candidates.requestBytes)) {
    const taken = await takeOpen(packLine, held, items);
    if (taken.length > 0) {
      ensurePriced(packLine, model);
      calls.push({ items: taken, model });
    }
  }
  return calls.length === 0 ? null : submitBatch(packLine, calls);
}

/** A model that a person wrote behind an item may be one that nobody knows. */
function ensurePriced({ line }: PackLine, model: string): void {
  const { budget, worker } = line.config;
  const limits = [budget.itemUsd, budget.targetUsd, budget.dayUsd, worker.maxUsd];
  const price = line.stations.ledger.price(model, { ...noTokens, input: 1 }, line.surroundings.now());
  if (price !== null || limits.every((limit) => limit === undefined)) return;
  throw new RegenError(
    'plan',
    `"${model}" has no price, and no limit in US dollars can be watched without one`,
    {
      hint: 'Correct the model behind the items in the plan, or add its price under prices in regen.yaml.',
    },
  );
}

/** Those that are this process's to do now. */
async function takeOpen(
  { line }: PackLine,
  held: HeldItems,
  items: readonly BlockItem[],
): Promise<readonly BlockItem[]> {
  const taken = await held.take(items.map(({ id }) => id));
  const now = await line.stations.plans.read();
  const todo = new Set(now?.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
  return items.filter(({ id }) => taken.has(id) && todo.has(id));
}

/** An item that somebody wrote into the plan must be a block of the base. */
function ensureKnown({ items, line, base }: PackLine, open: readonly PlanItem[]): void {
  const stray = open.find(({ id }) => !items.has(id));
  if (stray === undefined) return;
  throw new RegenError(
    'plan',
    `.regen-plan.md:${stray.line}: "${stray.id}" is no block of ${line.config.base} (${base.slice(0, 7)})`,
    {
      hint: 'Correct the id, take the line out, or mark it [-]; blocks move when their file changes on the base.',
    },
  );
}
