/** The part of the composition root for the tools of ours that the worker's model gets (`worker.mcp.regen`). */
import { ownTools } from './mcp/own-tools.js';
import type { Tool } from './mcp/tool.js';
import { blockItems } from './model/block.js';
import type { Config } from './model/config.js';
import { compileGlob } from './model/glob.js';
import type { PastAttempt } from './model/past-work.js';
import { planKey } from './model/plan.js';
import type { Surroundings } from './model/surroundings.js';
import { settledOf, shipmentsOf } from './step/packs/history.js';
import type { PackJournal } from './step/packs/pack-journals.js';
import { packsOf } from './step/packs/pack-journals.js';
import type { Stations } from './step/stations.js';

export interface OwnToolParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly stations: Pick<Stations, 'plans' | 'picker' | 'workspace'>;
}

/** They look at the plan and at the base as it was fetched last, when they are called. */
export function workerTools({ surroundings, config, stations }: OwnToolParts): readonly Tool[] {
  const { plans, picker, workspace } = stations;
  const target = async (): Promise<string> => (await plans.read())?.target ?? '';
  const tree = async (signal: AbortSignal) => workspace.tree((await workspace.knownBase(signal)).sha);
  const files = async (signal: AbortSignal) => picker.blocks(await tree(signal), await target(), signal);
  const globs = config.prompt.references;
  return ownTools({
    isIsolated: config.items.isolate,
    files,
    todo: async () => {
      const plan = await plans.read();
      return new Set(plan?.items.filter(({ state }) => state === 'todo').map(({ id }) => id));
    },
    log: async (item) =>
      (await plans.read())?.log.flatMap((entry) => (entry.item === item ? [entry.text] : [])) ?? [],
    async attempts(item, signal) {
      const plan = await plans.read();
      const isKnown = blockItems(await files(signal)).some(({ id }) => id === item);
      if (plan === null || !isKnown) return null;
      const packs = await packsOf(surroundings, { plan: planKey(plan), target: plan.target });
      return packs.flatMap((pack) => pastOf(pack, item) ?? []);
    },
    references:
      globs.length === 0
        ? null
        : async (signal) => {
            const base = await tree(signal);
            const bound = { target: await target() };
            const compiled = globs.map((source) => compileGlob(source, bound));
            const items = compileGlob(config.items.glob ?? '{item}', {}, 'item');
            const paths = (await base.entries(signal))
              .map(({ path }) => path)
              .filter(
                (path) => items.match(path) === null && compiled.some((glob) => glob.match(path) !== null),
              );
            const documents: { readonly path: string; readonly text: string }[] = [];
            await base.read(
              paths,
              (path, content) => {
                if (content !== null) documents.push({ path, text: content.toString('utf8') });
              },
              signal,
            );
            return documents;
          },
  });
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
