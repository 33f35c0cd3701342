/** `items.skip`: rules that take items out before anything is paid for them. The first that applies wins; no model is asked. */
import type { BaseTree } from '../../model/base-tree.js';
import type { ItemsConfig } from '../../model/config.js';
import type { GoodWork } from '../../model/good-work.js';
import type { Surroundings } from '../../model/surroundings.js';
import type { Item } from '../../model/target.js';
import type { BlockItem } from '../../model/block.js';
import type { MadeFrom } from '../../system/work-digests.js';
import { blockReasons } from './block-rule.js';
import { commandReasons } from './command-rule.js';
import { fileReasons } from './file-rule.js';
import { idReasons } from './id-rule.js';
import { unchangedReasons } from './unchanged-rule.js';

export type SkipRule = ItemsConfig['skip'][number];

export interface PrefilterParts {
  readonly config: MadeFrom;
  readonly surroundings: Surroundings;
  /** The good work on a target's items. */
  readonly goodWork: (target: string) => Promise<readonly GoodWork[]>;
}

export interface Candidates {
  readonly tree: BaseTree;
  readonly target: string;
  /** Those that no rule before has taken out. */
  readonly ids: readonly string[];
  /** By item, where items are blocks. */
  readonly blocks?: ReadonlyMap<string, BlockItem>;
}

/** Why a rule takes an item out, by id: a sentence without its end. */
export type Reasons = ReadonlyMap<string, string>;

/** Every item, with the reason of the first rule that applies. */
export async function applyRules(
  parts: PrefilterParts,
  question: Candidates,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const found = new Map<string, string>();
  for (const rule of parts.config.items.skip) {
    const ids = question.ids.filter((id) => !found.has(id));
    if (ids.length === 0) break;
    const reasons = await reasonsOf(rule, parts, { ...question, ids }, signal);
    for (const [id, reason] of reasons) {
      found.set(id, rule.name === undefined ? reason : `${rule.name}: ${reason}`);
    }
  }
  return question.ids.map((id) => ({ id, skipped: found.get(id) ?? null }));
}

async function reasonsOf(
  rule: SkipRule,
  parts: PrefilterParts,
  candidates: Candidates,
  signal: AbortSignal,
): Promise<Reasons> {
  if (rule.item !== undefined) return idReasons(rule.item, candidates.ids);
  if (rule.run !== undefined) return commandReasons(rule.run, parts.surroundings, candidates, signal);
  if (rule.when === 'unchanged') return unchangedReasons(parts, candidates, signal);
  const { blocks } = candidates;
  if (blocks === undefined) return fileReasons(rule, parts.config.items, candidates, signal);
  const items = candidates.ids.flatMap((id) => blocks.get(id) ?? []);
  if (rule.path === undefined) return blockReasons(rule, items);
  return reasonsOfFiles(rule, { parts, candidates, items }, signal);
}

interface OfFiles {
  readonly parts: PrefilterParts;
  readonly candidates: Candidates;
  readonly items: readonly BlockItem[];
}

/** What a rule says of another file, `{item}` being the name of the block's own, goes for all of its blocks. */
async function reasonsOfFiles(
  rule: SkipRule,
  { parts, candidates, items }: OfFiles,
  signal: AbortSignal,
): Promise<Reasons> {
  const ids = [...new Set(items.map(({ file }) => file.name))];
  const byName = await fileReasons(rule, parts.config.items, { ...candidates, ids }, signal);
  return new Map(
    items.flatMap(({ id, file }) => {
      const reason = byName.get(file.name);
      return reason === undefined ? [] : [[id, reason] as const];
    }),
  );
}
