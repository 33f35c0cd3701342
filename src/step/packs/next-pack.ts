/** Which items are asked about next, together. Pure. */
import type { BlockItem } from '../../model/block.js';
import type { Packable } from '../worker-station.js';
import { noHistory } from './history.js';
import { jsonBytes } from './limits.js';
import type { ItemHistory } from './history.js';

export interface Candidates {
  /** To be done, in nobody's hands and without an answer, in the plan's order. */
  readonly items: readonly BlockItem[];
  readonly history: ReadonlyMap<string, ItemHistory>;
  /** Which model an item is for. */
  readonly modelOf: (item: BlockItem) => string;
  /** Splits items of one model into calls. */
  readonly pack: (items: readonly BlockItem[], model: string) => readonly (readonly BlockItem[])[];
}

export interface BatchCandidates extends Candidates {
  /** What a request of a batch takes besides its blocks, in bytes. */
  readonly requestBytes: number;
}

export interface NextPack {
  readonly items: readonly BlockItem[];
  readonly model: string;
  /** Calls of the same model that are to be made, this one included. */
  readonly callsToCome: number;
}

/**
 * The first item decides: if it is to be asked anew, with the others of its group; else with as many as fit of those that
 * are for the same model. null: there is none.
 */
export function nextPack(candidates: Candidates): NextPack | null {
  const { items, modelOf } = candidates;
  const [first] = items;
  if (first === undefined) return null;
  const model = modelOf(first);
  const calls = packsOf(candidates, model);
  const own = calls.find((call) => call.some(({ id }) => id === first.id));
  return { items: own ?? [first], model, callsToCome: Math.max(1, calls.length) };
}

/** All items as calls of their models, in no particular order: what a batch holds. */
export function allPacks(candidates: Candidates): readonly Call[] {
  const models = [...new Set(candidates.items.map(candidates.modelOf))];
  return models.flatMap((model) => packsOf(candidates, model).map((items) => ({ items, model })));
}

type Call = Omit<NextPack, 'callsToCome'>;

/** As many of the calls as one batch holds; what is left over goes with the next. */
export function oneBatch(calls: readonly Call[], requestBytes: number): readonly Call[] {
  let bytes = 0;
  const end = calls.findIndex(({ items }) => {
    bytes += requestBytes + items.reduce((sum, item) => sum + bytesOf(item), 0);
    return bytes > batchLimits.bytes;
  });
  // A call too large for any batch is sent all the same: the API then says so.
  return calls.slice(0, Math.min(batchLimits.requests, end === -1 ? calls.length : Math.max(1, end)));
}

/** The API takes 100,000 requests or 256 MB. Sooner done is sooner shipped; and bytes are reckoned beforehand. */
export const batchLimits = { requests: 5000, bytes: 200e6 };

function bytesOf({ block, file }: BlockItem): number {
  return jsonBytes(`${block.content}${file.split.path}${block.context ?? ''}`) + markBytes;
}

const markBytes = 100;

/** The groups that are asked anew stay apart from each other and from everything else. */
function packsOf(
  { items, history, modelOf, pack }: Candidates,
  model: string,
): readonly (readonly BlockItem[])[] {
  const own = items.filter((item) => modelOf(item) === model);
  const groups = new Map<string, BlockItem[]>();
  const fresh: BlockItem[] = [];
  for (const item of own) {
    const { group } = history.get(item.id) ?? noHistory;
    if (group === null) fresh.push(item);
    else groups.set(group.join('\n'), [...(groups.get(group.join('\n')) ?? []), item]);
  }
  return [...groups.values(), ...pack(fresh, model)];
}

/** What a block takes in prompt and answer, its marks and its entry included. In tokens. */
export function sizeOf(
  { block, file }: BlockItem,
  scale: { readonly charactersPerToken: number; readonly outputPerInput: number },
): Packable {
  const marks =
    `<block id="00" of="${file.split.path}" in="${block.context ?? ''}" form="${block.shape}">`.length + 14;
  const input = Math.ceil((block.content.length + marks) / scale.charactersPerToken);
  const answer = Math.ceil(block.content.length / scale.charactersPerToken);
  return { input, output: Math.ceil(answer * scale.outputPerInput) + entryTokens };
}

/** `{"id":"17","result":""},` */
const entryTokens = 12;
