/** What a call's answer comes to: results that are good, items that go again in smaller packs, and those that fail. Pure. */

export interface AnsweredItem {
  readonly id: string;
}

/** One entry of the answer's array. */
export interface ItemResult {
  readonly id: string;
  readonly result: unknown;
}

export type PackAnswer =
  | { readonly kind: 'answered'; readonly results: readonly ItemResult[] }
  /** Nothing of it can be used: cut off at its limit, too long a prompt, refused, or no such array. */
  | { readonly kind: 'unusable'; readonly reason: string };

export interface Settled<Item> {
  /** In the pack's order. */
  readonly good: readonly { readonly item: Item; readonly result: unknown }[];
  /** Packs that are asked anew. */
  readonly again: readonly (readonly Item[])[];
  /** Asked alone twice, without a result that is any good. */
  readonly failed: readonly { readonly item: Item; readonly reason: string }[];
  /** What else was wrong with the answer, a sentence each. */
  readonly notes: readonly string[];
}

export interface Judgement<Item> {
  /** Why the result can't be used; null: it can. */
  readonly flawOf: (item: Item, result: unknown) => string | null;
  /** Whether the item was asked alone before, in vain. */
  readonly hasFailedAlone: (item: Item) => boolean;
}

/**
 * Each item's result counts when the answer has exactly one for it and it is any good. What is left over is asked in two
 * halves; an item alone is asked once more, and then fails.
 */
export function settle<Item extends AnsweredItem>(
  pack: readonly Item[],
  answer: PackAnswer,
  judgement: Judgement<Item>,
): Settled<Item> {
  const results = answer.kind === 'unusable' ? answer : resultsById(answer.results);
  const read = pack.map((item) => readItem(item, results, judgement));
  const good = read.flatMap((one) => (one.kind === 'good' ? [{ item: one.item, result: one.result }] : []));
  const bad = read.flatMap((one) => (one.kind === 'bad' ? [one] : []));
  return { good, notes: strays(pack, answer), ...afresh(pack, bad, judgement) };
}

interface Bad<Item> {
  readonly kind: 'bad';
  readonly item: Item;
  readonly reason: string;
}

type Read<Item> = { readonly kind: 'good'; readonly item: Item; readonly result: unknown } | Bad<Item>;

type ResultsById = ReadonlyMap<string, readonly unknown[]>;

function resultsById(results: readonly ItemResult[]): ResultsById {
  const byId = new Map<string, unknown[]>();
  for (const { id, result } of results) {
    const own = byId.get(id);
    if (own === undefined) byId.set(id, [result]);
    else own.push(result);
  }
  return byId;
}

function readItem<Item extends AnsweredItem>(
  item: Item,
  results: ResultsById | { readonly reason: string },
  { flawOf }: Judgement<Item>,
): Read<Item> {
  const bad = (reason: string): Bad<Item> => ({ kind: 'bad', item, reason });
  if ('reason' in results) return bad(results.reason);
  const own = results.get(item.id) ?? [];
  if (own.length === 0) return bad('the answer has no result for it');
  if (own.length > 1) return bad('the answer has more than one result for it');
  const [result] = own;
  const flaw = flawOf(item, result);
  return flaw === null ? { kind: 'good', item, result } : bad(flaw);
}

function afresh<Item>(
  pack: readonly Item[],
  bad: readonly Bad<Item>[],
  { hasFailedAlone }: Judgement<Item>,
): Pick<Settled<Item>, 'again' | 'failed'> {
  const [first] = bad;
  if (first === undefined) return { again: [], failed: [] };
  if (pack.length > 1) return { again: halves(bad.map(({ item }) => item)), failed: [] };
  const { item, reason } = first;
  return hasFailedAlone(item) ? { again: [], failed: [{ item, reason }] } : { again: [[item]], failed: [] };
}

function halves<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].filter((half) => half.length > 0);
}

/** Results for nothing that was asked: no harm by themselves, but whoever reads the log should know. */
function strays(pack: readonly AnsweredItem[], answer: PackAnswer): readonly string[] {
  if (answer.kind === 'unusable') return [];
  const asked = new Set(pack.map(({ id }) => id));
  return answer.results
    .filter(({ id }) => !asked.has(id))
    .map(({ id }) => `the answer has a result for ${JSON.stringify(id.slice(0, 80))}, which wasn’t asked`);
}
