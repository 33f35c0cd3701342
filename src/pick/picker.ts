import type { BaseTree } from '../model/base-tree.js';
import { blockItems } from '../model/block.js';
import type { BlockFile, SplitInto } from '../model/block.js';
import type { TargetsConfig } from '../model/config.js';
import type { Choice, Item, Target } from '../model/target.js';
import { readAges } from './ages.js';
import { blockFiles } from './blocks.js';
import { itemIds, passedOverFiles } from './items.js';
import { nameable } from './names.js';
import { objectionsTo } from './objections.js';
import type { PickFacts } from './objections.js';
import { queueOf, whyOf } from './queue.js';
import type { Candidate } from './queue.js';
import { applyRules } from './prefilter/prefilter.js';
import type { PrefilterParts } from './prefilter/prefilter.js';
import { listTargets, passedOverTargets } from './targets.js';
import type { ListedTarget } from './targets.js';
import { readTitle } from './title.js';

interface PickParts extends PrefilterParts {
  readonly config: PrefilterParts['config'] & { readonly targets: TargetsConfig };
  readonly split: SplitInto;
}

interface PickQuestion extends PickFacts {
  readonly tree: BaseTree;
  /** The name on the command line; null: the configured order decides. */
  readonly wanted: string | null;
}

interface Picker {
  choose(question: PickQuestion, signal: AbortSignal): Promise<Choice>;
  items(tree: BaseTree, target: string, signal: AbortSignal): Promise<readonly Item[]>;
  ids(tree: BaseTree, target: string, signal: AbortSignal): Promise<readonly string[]>;
  blocks(tree: BaseTree, target: string, signal: AbortSignal): Promise<readonly BlockFile[]>;
  targets(tree: BaseTree, signal: AbortSignal): Promise<readonly string[]>;
}

/** Targets and items out of the base's tree, never out of the working copy. */
export function createPicker(parts: PickParts): Picker {
  const { config, surroundings } = parts;
  const list = async (tree: BaseTree, signal: AbortSignal) => {
    const listed = await listTargets(config.targets, { tree, surroundings }, signal);
    nameable(
      listed.map(({ id }) => id),
      'target',
    );
    return listed;
  };
  const blocks = async (tree: BaseTree, target: string, signal: AbortSignal) =>
    blockFiles({ ...parts, items: config.items }, { tree, target }, signal);
  const ids = async (tree: BaseTree, target: string, signal: AbortSignal) => {
    if (config.engine === 'agent') return itemIds(await tree.entries(signal), config.items, target);
    const all = blockItems(await blocks(tree, target, signal)).map(({ id }) => id);
    return nameable(all, 'item');
  };
  const items = async (tree: BaseTree, target: string, signal: AbortSignal) => {
    if (config.engine === 'agent') {
      return applyRules(parts, { tree, target, ids: await ids(tree, target, signal) }, signal);
    }
    const found = blockItems(await blocks(tree, target, signal));
    const all = nameable(
      found.map(({ id }) => id),
      'item',
    );
    const byId = new Map(found.map((item) => [item.id, item]));
    return applyRules(parts, { tree, target, ids: all, blocks: byId }, signal);
  };
  const ages = (tree: BaseTree, listed: readonly ListedTarget[], signal: AbortSignal) =>
    readAges(
      config,
      {
        tree,
        listed,
        progress: (line) => {
          surroundings.progress(line);
        },
      },
      signal,
    );

  const warn = (what: string, paths: readonly string[]) => {
    if (paths.length > 0) surroundings.progress(passedOverText(what, paths));
  };

  return {
    items,
    ids,
    blocks,
    targets: async (tree, signal) => (await list(tree, signal)).map((target) => target.id),
    async choose(question, signal) {
      const { tree, wanted } = question;
      const known = await list(tree, signal);
      const entries = config.targets.glob === undefined ? [] : await tree.entries(signal);
      warn('targets', passedOverTargets(entries, config.targets));
      const listed = wanted === null ? known : known.filter((target) => target.id === wanted);
      if (wanted !== null && listed.length === 0)
        return { kind: 'unknown', wanted, known: known.map(({ id }) => id) };

      // By name nobody's age decides: only the picked target's is read, for the plan.
      const isByAge = config.targets.order === 'oldest';
      const updated = isByAge ? await ages(tree, listed, signal) : new Map<string, Date>();
      const queue = queueOf(listed, { updated, archives: question.archives, order: config.targets.order });
      return walk(queue, question, {
        items: (target) => items(tree, target, signal),
        passedOver: async (target) => {
          warn(`items of ${target}`, passedOverFiles(await tree.entries(signal), config.items, target));
        },
        describe: async (listedTarget) => ({
          id: listedTarget.id,
          title:
            listedTarget.title ??
            (await readTitle(config.targets.title, { tree, target: listedTarget.id }, signal)),
          updated:
            (isByAge ? updated : await ages(tree, [listedTarget], signal)).get(listedTarget.id) ?? null,
        }),
      });
    },
  };

  async function walk(queue: readonly Candidate[], question: PickQuestion, look: Lookups): Promise<Choice> {
    const passedOver: { readonly target: string; readonly reason: string }[] = [];
    for (const candidate of queue) {
      const target = candidate.listed.id;
      const objections = objectionsTo(target, question, config.targets.minAge);
      const isNamed = question.wanted !== null;
      if (objections.length > 0 && !isNamed) {
        passedOver.push({ target, reason: objections.join('; ') });
        continue;
      }
      const found = await look.items(target);
      const emptiness = emptinessOf(found, isNamed);
      if (emptiness !== null) {
        passedOver.push({ target, reason: emptiness });
        continue;
      }
      const why = whyOf(candidate, {
        isNamed,
        objections,
        order: config.targets.order,
        passedOver: passedOver.length,
      });
      await look.passedOver(target);
      return { kind: 'picked', target: await look.describe(candidate.listed), items: found, why, passedOver };
    }
    return { kind: 'none', passedOver };
  }
}

interface Lookups {
  items(target: string): Promise<readonly Item[]>;
  /** Tells the person which files of the target are no items although they are named like one. */
  passedOver(target: string): Promise<void>;
  describe(listed: ListedTarget): Promise<Target>;
}

function passedOverText(what: string, paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map((path) => JSON.stringify(path));
  const more = paths.length > shown.length ? ` and ${paths.length - shown.length} more` : '';
  return `warning: symlinks and submodules on the base are left out of the ${what}: ${shown.join(', ')}${more}`;
}

/** A person who names a target gets its plan even when every item is skipped: it says why. */
function emptinessOf(items: readonly Item[], isNamed: boolean): string | null {
  if (items.length === 0) return 'has no items on the base';
  if (isNamed || items.some((item) => item.skipped === null)) return null;
  return `all of its ${items.length} items are skipped: ${reasonsOf(items)}`;
}

/** As many of the reasons as are read, the most frequent first; of several, each with its count. */
function reasonsOf(items: readonly Item[]): string {
  const counts = new Map<string, number>();
  for (const { skipped } of items) {
    if (skipped !== null) counts.set(skipped, (counts.get(skipped) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()].join('');
  const reasons = [...counts].sort(([, one], [, other]) => other - one);
  const more = reasons.length - mostReasons;
  return [
    ...reasons.slice(0, mostReasons).map(([reason, count]) => `${reason} (${count})`),
    ...(more > 0 ? [`${more} more reasons`] : []),
  ].join('; ');
}

const mostReasons = 3;
