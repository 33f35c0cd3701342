/** The part of the composition root for the tools of ours that the worker's model gets (`worker.mcp.regen`). */
import { ownTools } from './mcp/own-tools.js';
import type { Document } from './mcp/style-rules.js';
import type { Tool } from './mcp/tool.js';
import type { Config } from './model/config.js';
import { compileGlob } from './model/glob.js';
import type { PastAttempt } from './model/past-work.js';
import { planKey } from './model/plan.js';
import type { Plan } from './model/plan.js';
import type { Surroundings } from './model/surroundings.js';
import { settledOf, shipmentsOf, shippedTexts } from './step/packs/history.js';
import type { PackJournal } from './step/packs/pack-journals.js';
import { packsOf } from './step/packs/pack-journals.js';
import { plannedItems } from './step/packs/planned-items.js';
import type { Stations } from './step/stations.js';

export interface OwnToolParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly stations: Pick<Stations, 'plans' | 'picker' | 'workspace'>;
}

/**
 * They look at the plan, and at the base that the pack was asked on; a call that belongs to no pack, at the base as it was
 * fetched last.
 *
 * @param owner - the pack's UUID.
 */
export function workerTools(parts: OwnToolParts, owner: string): readonly Tool[] {
  const { config } = parts;
  const globs = config.prompt.references;
  const asked = async (): Promise<readonly string[]> =>
    (await viewOf(parts, owner)).pack?.attempt.members ?? [];
  return ownTools({
    isIsolated: config.items.isolate,
    asked,
    async items(signal) {
      const { plan, items } = await blocksOf(parts, owner, signal);
      return plan.items.flatMap(({ id }) => items.get(id) ?? []);
    },
    async todo() {
      const { plan, pack } = await viewOf(parts, owner);
      const own = new Set(pack?.attempt.members);
      const others = plan.items.filter(({ id, state }) => state === 'todo' && !own.has(id));
      return new Set(others.map(({ id }) => id));
    },
    log: async (item) =>
      (await viewOf(parts, owner)).plan.log.flatMap((entry) => (entry.item === item ? [entry.text] : [])),
    async attempts(item) {
      const { plan, packs } = await viewOf(parts, owner);
      if (!plan.items.some(({ id }) => id === item)) return null;
      return packs.flatMap((pack) => pastOf(pack, item) ?? []);
    },
    references: globs.length === 0 ? null : (signal) => references(parts, owner, signal),
  });
}

interface View {
  readonly plan: Plan;
  readonly packs: readonly PackJournal[];
  /** What the model was asked about; null: no pack's work. */
  readonly pack: PackJournal | null;
}

async function viewOf({ surroundings, stations }: OwnToolParts, owner: string): Promise<View> {
  const plan = (await stations.plans.read()) ?? noPlan;
  const packs = await packsOf(surroundings, { plan: planKey(plan), target: plan.target });
  return { plan, packs, pack: packs.find(({ attempt }) => attempt.uuid === owner) ?? null };
}

const noPlan: Plan = {
  ...{ target: '', title: null, updated: null, base: null, created: null, heading: '' },
  ...{ items: [], changeRequests: [], log: [] },
};

/** As the pack was asked: by the plan's ids, whatever has moved since it was made. */
async function blocksOf(parts: OwnToolParts, owner: string, signal: AbortSignal) {
  const { plan, packs, pack } = await viewOf(parts, owner);
  const base = await baseOf(parts, pack, signal);
  const { items } = await plannedItems(parts.stations, { plan, base, shipped: shippedTexts(packs) }, signal);
  return { plan, items };
}

async function baseOf(
  { stations }: OwnToolParts,
  pack: PackJournal | null,
  signal: AbortSignal,
): Promise<string> {
  return pack?.attempt.base ?? (await stations.workspace.knownBase(signal)).sha;
}

/** The documents of `prompt.references`, but for those that hold items. */
async function references(
  parts: OwnToolParts,
  owner: string,
  signal: AbortSignal,
): Promise<readonly Document[]> {
  const { config, stations } = parts;
  const { plan, pack } = await viewOf(parts, owner);
  const rules = pack?.attempt.rules ?? (await baseOf(parts, pack, signal));
  const tree = stations.workspace.tree(rules);
  const globs = config.prompt.references.map((source) => compileGlob(source, { target: plan.target }));
  const items = compileGlob(config.items.glob ?? '{item}', {}, 'item');
  const paths = (await tree.entries(signal))
    .map(({ path }) => path)
    .filter((path) => items.match(path) === null && globs.some((glob) => glob.match(path) !== null));
  const documents: Document[] = [];
  const take = (path: string, content: Buffer | null): void => {
    if (content !== null && !content.includes(0)) documents.push({ path, text: content.toString('utf8') });
  };
  await tree.read(paths, take, signal);
  return documents;
}

/** What a pack came to for one of its items; null: the item wasn't in it. */
function pastOf(pack: PackJournal, item: string): PastAttempt | null {
  const { members, number } = pack.attempt;
  if (!members.includes(item)) return null;
  const settled = settledOf(pack);
  const shipment = shipmentsOf(pack).findLast((one) => one.members.includes(item));
  const ofAnswer =
    settled === null
      ? null
      : (settled.reasons[item] ?? (settled.kept.includes(item) ? 'left as it was' : 'answered'));
  const end =
    shipment === undefined
      ? ofAnswer
      : [shipment.outcome, shipment.reason].filter((part) => part !== null).join(': ');
  return { number, at: pack.records()[0]?.at ?? '', isCurrent: settled === null, end, rounds: [] };
}
