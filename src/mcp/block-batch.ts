/** `get_block_batch`: the blocks of a target that are still to be done, a page at a time. */
import * as z from 'zod';
import { blockKinds } from '../model/block.js';
import type { BlockItem, BlockKind } from '../model/block.js';
import { cut } from '../model/excerpt.js';
import { closest } from '../model/suggest.js';
import { blockDefinitions } from './block-definitions.js';
import { refusal } from './tool.js';
import type { Tool } from './tool.js';

export interface BlockShelf {
  /** Whether items are kept from each other (`items.isolate`): then nothing of any block is told. */
  readonly isIsolated: boolean;
  /** The plan's items as they stand on the base; asked once. */
  items(signal: AbortSignal): Promise<readonly BlockItem[]>;
  /** The ids that the plan has still to do, but for what the model was asked about. */
  todo(): Promise<ReadonlySet<string>>;
}

/** Characters of an answer, and blocks of one. */
const longestAnswer = 8000;
const mostBlocks = 40;

const inputSchema = z.object({
  file: z.string().optional(),
  kind: z.string().optional(),
  after: z.string().optional(),
  count: z.int().min(1).max(mostBlocks).default(20),
});

export function createBlockBatch(shelf: BlockShelf): Tool {
  let all: readonly BlockItem[] | null = null;
  return {
    definition: blockDefinitions.get_block_batch,
    async call(input, signal) {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success)
        return refusal(
          `get_block_batch takes {"file"?, "kind"?, "after"?: texts, "count"?: 1 to ${mostBlocks}}.`,
        );
      if (shelf.isIsolated)
        return refusal('Items are solved independently of each other: work with what you were given.');
      all ??= await shelf.items(signal);
      const wish = { ...parsed.data, todo: await shelf.todo() };
      const objection = objectionTo(wish, all);
      return objection === null ? { text: batchText(all, wish) } : refusal(objection);
    },
  };
}

interface Wish extends z.output<typeof inputSchema> {
  readonly todo: ReadonlySet<string>;
}

function objectionTo({ file, kind, after }: Wish, all: readonly BlockItem[]): string | null {
  if (kind !== undefined && !isKind(kind)) return unknownText('kind of block', kind, blockKinds);
  const names = [...new Set(all.map((item) => item.file.split.path))];
  if (file !== undefined && !all.some((item) => isOf(item, file)))
    return unknownText('file of this target', file, names);
  const ids = all.map(({ id }) => id);
  return after === undefined || ids.includes(after) ? null : unknownText('block', after, ids);
}

export function isKind(text: string): text is BlockKind {
  return blockKinds.some((kind) => kind === text);
}

export function unknownText(what: string, name: string, known: readonly string[]): string {
  const near = closest(name, known);
  const some = known.slice(0, 20).join(', ');
  const mend =
    near === null
      ? `There are: ${some}${known.length > 20 ? ', …' : ''}.`
      : `Did you mean ${JSON.stringify(near)}?`;
  return `${JSON.stringify(name)} is no ${what}. ${mend}`;
}

function isOf({ file }: BlockItem, name: string): boolean {
  return file.name === name || file.split.path === name;
}

/** A JSON document: blocks in their order, what comes next, and how many are left. Pure. */
function batchText(all: readonly BlockItem[], { file, kind, after, count, todo }: Wish): string {
  // Whatever became of that block meanwhile, the place where it stands is still there.
  const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const fitting = all
    .slice(from)
    .filter((item) => todo.has(item.id))
    .filter(
      (item) => (file === undefined || isOf(item, file)) && (kind === undefined || item.block.kind === kind),
    );
  const blocks: object[] = [];
  let room = longestAnswer - roomAround;
  for (const item of fitting.slice(0, count)) {
    const told = toldOf(item, item.block.content);
    const length = JSON.stringify(told).length + 1;
    if (length > room && blocks.length > 0) break;
    blocks.push(length > room ? shortened(item, room) : told);
    room -= length;
  }
  const left = fitting.length - blocks.length;
  return JSON.stringify({ blocks, next: left === 0 ? null : (fitting[blocks.length - 1]?.id ?? null), left });
}

/** What stands around the blocks: the longest id among it. */
const roomAround = 400;

function toldOf({ id, file, block }: BlockItem, text: string) {
  const where = [file.split.path, ...(block.context === undefined ? [] : [block.context])].join(' > ');
  return { id, kind: block.kind, where: cut(where, 300), text };
}

/** Escaping takes room that can't be told beforehand: half as much text until it fits. */
function shortened(item: BlockItem, room: number): object {
  for (let length = room; ; length = Math.floor(length / 2)) {
    const told = { ...toldOf(item, cut(item.block.content, length)), isCut: true };
    if (JSON.stringify(told).length + 1 <= room || length < 10) return told;
  }
}
