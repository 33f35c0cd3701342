/** A whole plan's life with a model and checks that do what they can to lose items, and with kills anywhere. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockItem } from '../../../src/model/block.js';
import type { ItemState } from '../../../src/model/plan.js';
import { asData, historyOf, noHistory, settledOf, shipmentsOf } from '../../../src/step/packs/history.js';
import type { ItemHistory, ShipmentEnd } from '../../../src/step/packs/history.js';
import { allPacks, nextPack, sizeOf } from '../../../src/step/packs/next-pack.js';
import { markSettled, settlePack } from '../../../src/step/packs/settle.js';
import type { Reply } from '../../../src/step/packs/settle.js';
import { packItems } from '../../../src/worker/pack.js';
import { answered, cutAt, memoryLine, replyOf } from './pack-line.js';
import type { MemoryLine } from './pack-line.js';
import { memoryPack } from './packs.js';
import type { MemoryPack } from './packs.js';

const itemCount = 24;
const perCall = 10;
const pages = ['one', 'two', 'three'];

/** What the model does to a block's result. */
const anyResult = fc.constantFrom(
  ...(['good', 'good', 'good', 'missing', 'twice', 'same', 'null', 'empty', 'heading', 'number'] as const),
);
/** What becomes of the whole answer. */
const anyFate = fc.constantFrom(
  ...(['whole', 'whole', 'whole', 'cut', 'refusal', 'prose', 'shape', 'strays', 'too long'] as const),
);
const anyCall = fc.record({ fate: anyFate, results: fc.array(anyResult, { minLength: 1, maxLength: 8 }) });
type Call = Readonly<{ fate: string; results: readonly string[] }>;
const anyShipping = fc.constantFrom(...(['ships', 'ships', 'check fails', 'can’t be shipped'] as const));
/** Whether the process is killed at the next of the places where it can be. */
const anyKills = fc.array(fc.boolean(), { maxLength: 60 });

describe('a plan', () => {
  let text: Readonly<Record<string, string>>;

  beforeAll(() => {
    const paragraphs = (page: string): string =>
      Array.from({ length: itemCount / pages.length }, (_, index) => `Text ${index} of ${page}.`).join(
        '\n\n',
      );
    text = Object.fromEntries(pages.map((page) => [page, `${paragraphs(page)}\n`]));
  });

  it('comes to an end whatever is answered, whatever fails and wherever it is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { maxLength: 60 }),
        fc.array(anyShipping, { maxLength: 60 }),
        anyKills,
        async (calls, shippings, kills) => {
          const line = await memoryLine(text);
          const world = new World(line, { calls, shippings, kills });

          await world.untilDone();

          // Each item was marked once and for good.
          expect(line.marks.map(([id]) => id).toSorted()).toEqual(line.items.map(({ id }) => id).toSorted());
          for (const [id, found] of world.ends()) {
            expect(found).toEqual([line.states.get(id)]);
          }
          const most = Math.ceil(Math.log2(perCall)) + 3;
          for (const { id } of line.items) {
            expect(
              world.packs.filter(({ attempt }) => attempt.members.includes(id)).length,
            ).toBeLessThanOrEqual(most);
          }
          expect(world.merged).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

interface Whims {
  readonly calls: readonly Call[];
  readonly shippings: readonly string[];
  readonly kills: readonly boolean[];
}

class Killed extends Error {}

/** Everything that is on disk, and what the outside makes of it. */
class World {
  packs: MemoryPack[] = [];
  readonly merged: string[] = [];
  readonly #closed = new Set<number>();
  readonly #counts = { calls: 0, shippings: 0, kills: 0 };

  constructor(
    readonly line: MemoryLine,
    readonly whims: Whims,
  ) {}

  async untilDone(): Promise<void> {
    for (let step = 0; step < 40 * itemCount; step += 1) {
      if (this.#todo().length === 0) return;
      try {
        await this.#step();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      this.packs = this.packs.map((pack) => pack.reread());
    }
    throw new Error('the plan never ends');
  }

  /** What the journals say that has become of each item. */
  ends(): ReadonlyMap<string, readonly string[]> {
    const ends = new Map<string, string[]>();
    const add = (id: string, end: string): void => {
      ends.set(id, [...(ends.get(id) ?? []), end]);
    };
    for (const pack of this.packs) {
      settledOf(pack)?.kept.forEach((id) => {
        add(id, 'skipped');
      });
      settledOf(pack)?.failed.forEach(({ id }) => {
        add(id, 'failed');
      });
      for (const { members, outcome } of shipmentsOf(pack)) {
        const end = markOf(outcome);
        if (end !== null)
          members.forEach((id) => {
            add(id, end);
          });
      }
    }
    return ends;
  }

  #todo(): readonly BlockItem[] {
    return this.line.items.filter(({ id }) => this.line.states.get(id) === 'todo');
  }

  #kill(): void {
    if (this.whims.kills[this.#counts.kills++] === true) throw new Killed();
  }

  async #step(): Promise<void> {
    const pack = this.#begun() ?? this.#fresh();
    this.#kill();
    const settled = settledOf(pack) ?? (await this.#ask(pack));
    this.#kill();
    await markSettled(this.line.packLine, pack, settled);
    this.#kill();
    for (let waiting = this.#waiting(pack); waiting.length > 0; waiting = this.#waiting(pack)) {
      await this.#ship(pack, waiting);
      this.#kill();
    }
    this.#closed.add(pack.attempt.number);
  }

  /** One that a kill interrupted. */
  #begun(): MemoryPack | undefined {
    const todo = new Set(this.#todo().map(({ id }) => id));
    return this.packs.find(
      ({ attempt }) => !this.#closed.has(attempt.number) && attempt.members.some((id) => todo.has(id)),
    );
  }

  #fresh(): MemoryPack {
    const history = historyOf(this.packs);
    const open = this.#todo();
    const next = nextPack({
      ...{ items: open, history, modelOf: () => 'haiku' },
      pack: (items) =>
        packItems(
          items.map((item) => ({ ...item, input: 1, output: 1 })),
          { input: 999, output: 999, count: perCall },
        ),
    });
    if (next === null) throw new Error('items are to be done, and there is no pack');
    const members = next.items.map(({ id }) => id);
    const groups = new Set(members.map((id) => (history.get(id) ?? noHistory).group?.join(' ')));
    if (groups.size > 1) this.merged.push(members.join(' '));
    const pack = memoryPack({ number: this.packs.length + 1, members });
    this.packs = [...this.packs, pack];
    return pack;
  }

  async #ask(pack: MemoryPack) {
    const { packLine } = this.line;
    const items = pack.attempt.members.flatMap((id, index) => {
      const item = packLine.items.get(id);
      return item === undefined ? [] : [{ id: `${index + 1}`, item }];
    });
    const call = this.whims.calls[this.#counts.calls++] ?? { fate: 'whole', results: ['good'] };
    return settlePack(packLine, pack, { items, reply: replyTo(items, call), history: historyOf(this.packs) });
  }

  #waiting(pack: MemoryPack): readonly string[] {
    const history = historyOf(this.packs);
    const waiting = this.#todo().flatMap(({ id }) => {
      const answer = history.get(id)?.answer ?? null;
      return answer?.pack.attempt.number === pack.attempt.number ? [answer] : [];
    });
    const group = waiting[0]?.group?.join(' ');
    return waiting.filter((answer) => answer.group?.join(' ') === group).map(({ id }) => id);
  }

  /** As a shipment ends, see shipment.ts: the mark first, then the pack's record of it. */
  async #ship(pack: MemoryPack, members: readonly string[]): Promise<void> {
    const fate = this.whims.shippings[this.#counts.shippings++] ?? 'ships';
    const alone = historyOf(this.packs).get(members[0] ?? '')?.alone ?? 0;
    const outcome = outcomeOf(fate, members.length, alone);
    const mark = markOf(outcome);
    if (mark !== null) await markAll(this.line, members, mark);
    this.#kill();
    const end = { unit: 'u', members: [...members], outcome, reason: null, digest: null, attempt: 'a' };
    await pack.append(
      { stage: 'shipment', round: shipmentsOf(pack).length, effect: 'u' },
      'end',
      asData(end),
    );
  }
}

async function markAll({ packLine }: MemoryLine, members: readonly string[], to: ItemState): Promise<void> {
  const marks = members.map((item) => ({ item, from: ['todo'] as const, to, log: null }));
  await packLine.line.stations.plans.markAll({ plan: 'p', marks }, new AbortController().signal);
}

function outcomeOf(fate: string, members: number, alone: number): ShipmentEnd['outcome'] {
  if (fate === 'ships') return 'shipped';
  if (fate !== 'check fails') return 'failed';
  if (members > 1) return 'split';
  return alone > 0 ? 'given-up' : 'rejected';
}

function markOf(outcome: ShipmentEnd['outcome']): 'done' | 'failed' | null {
  if (outcome === 'shipped') return 'done';
  return outcome === 'failed' || outcome === 'given-up' ? 'failed' : null;
}

function replyTo(items: readonly { readonly id: string; readonly item: BlockItem }[], call: Call): Reply {
  const results = items.flatMap(({ id, item: { block } }, index): (readonly [string, unknown])[] => {
    switch (call.results[index % call.results.length]) {
      case 'missing':
        return [];
      case 'twice':
        return [
          [id, 'Once.'],
          [id, 'Twice.'],
        ];
      case 'same':
        return [[id, block.content]];
      case 'null':
        return [[id, null]];
      case 'empty':
        return [[id, '']];
      case 'heading':
        return [[id, '# A heading']];
      case 'number':
        return [[id, 7]];
      default:
        return [[id, `New text of ${id}.`]];
    }
  });
  switch (call.fate) {
    case 'cut':
      return cutAt(results, 20 * results.length);
    case 'refusal':
      return replyOf({ kind: 'failed', failure: 'refusal', detail: 'no' });
    case 'too long':
      return replyOf({ kind: 'failed', failure: 'prompt_too_long', detail: 'no' });
    case 'prose':
      return replyOf({ kind: 'failed', failure: 'no_structured_output', detail: 'no', text: 'Sure!' });
    case 'shape':
      return replyOf({ kind: 'completed', text: '{}', structured: { answers: [] } });
    case 'strays':
      return answered([...results, ['99', 'Nobody asked.'], ['', 'Nor for this.']]);
    default:
      return answered(results);
  }
}

describe('what is asked next', () => {
  const models = ['haiku', 'opus'];
  const itemsOf = async (): Promise<readonly BlockItem[]> =>
    (await memoryLine({ page: Array.from({ length: 12 }, (_, index) => `Text ${index}.`).join('\n\n') }))
      .items;
  const groups = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 });

  const candidatesOf = (
    items: readonly BlockItem[],
    groupOf: readonly number[],
    hard: readonly boolean[],
  ) => {
    const members = (group: number): readonly string[] =>
      items.filter((_, index) => groupOf[index] === group).map(({ id }) => id);
    const history = new Map<string, ItemHistory>(
      items.flatMap(({ id }, index) => {
        const group = groupOf[index] ?? 0;
        return group === 0 ? [] : [[id, { ...noHistory, group: members(group), failures: 1 }] as const];
      }),
    );
    const modelOf = ({ id }: BlockItem): string =>
      (hard[items.findIndex((item) => item.id === id)] === true ? models[1] : models[0]) ?? '';
    const pack = (some: readonly BlockItem[]) =>
      packItems(
        some.map((item) => ({ ...item, input: 1, output: 1 })),
        { input: 99, output: 99, count: 4 },
      );
    return { items, history, modelOf, pack };
  };

  it('is every item once, with others of its group alone, and of its model', async () => {
    const items = await itemsOf();
    const hard = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(groups, hard, (groupOf, hardOnes) => {
        const candidates = candidatesOf(items, groupOf, hardOnes);

        const calls = allPacks(candidates);
        const next = nextPack(candidates);

        expect(calls.flatMap((call) => call.items.map(({ id }) => id)).toSorted()).toEqual(
          items.map(({ id }) => id).toSorted(),
        );
        for (const call of calls) {
          expect(new Set(call.items.map(candidates.modelOf))).toEqual(new Set([call.model]));
          const groupsIn = new Set(call.items.map(({ id }) => candidates.history.get(id)?.group?.join(' ')));
          expect(groupsIn.size).toBe(1);
        }
        const own = calls.filter(({ model }) => model === next?.model);
        expect(next?.callsToCome).toBe(own.length);
        expect(own.map((call) => call.items.map(({ id }) => id))).toContainEqual(
          next?.items.map(({ id }) => id),
        );
        expect(next?.items.map(({ id }) => id)).toContain(items[0]?.id);
      }),
    );
  });

  it('is nothing when nothing is to be done', () => {
    const none = { items: [], history: new Map(), modelOf: () => 'haiku', pack: () => [] };

    expect([nextPack(none), allPacks(none)]).toEqual([null, []]);
  });

  it('is sized by what a block takes with its marks, and its answer with its entry', async () => {
    const [item] = await itemsOf();
    const size = item && sizeOf(item, { charactersPerToken: 1, outputPerInput: 1 });
    const marks = '<block id="00" of="page.md" in="" form="">\n\n</block>\n\n'.length;

    expect(size?.output).toBe((item?.block.content.length ?? 0) + 12);
    expect(size?.input).toBeGreaterThanOrEqual((item?.block.content.length ?? 0) + marks - 1);
  });
});
