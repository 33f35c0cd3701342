/** Packs from the first question to the last mark, as steps go through them; journals and marks are all that outlives a kill. */
import type { BlockItem } from '../../../src/model/block.js';
import type { ItemState } from '../../../src/model/plan.js';
import { asData, historyOf, noHistory, settledOf, shipmentsOf } from '../../../src/step/packs/history.js';
import type { ShipmentEnd } from '../../../src/step/packs/history.js';
import { nextPack } from '../../../src/step/packs/next-pack.js';
import { markSettled, settlePack } from '../../../src/step/packs/settle.js';
import type { Reply } from '../../../src/step/packs/settle.js';
import { packItems } from '../../../src/worker/pack.js';
import { answered, cutAt, replyOf } from './pack-line.js';
import type { MemoryLine } from './pack-line.js';
import { memoryPack } from './packs.js';
import type { MemoryPack } from './packs.js';

/** The most items that a call takes. */
export const perCall = 10;

/** What becomes of one call: of its answer as a whole, and of each result in turn. */
interface Call {
  readonly fate: string;
  readonly results: readonly string[];
}

/** What happens, in its order; when it is used up, all goes well. */
export interface Whims {
  readonly calls: readonly Call[];
  readonly shippings: readonly string[];
  readonly kills: readonly boolean[];
}

class Killed extends Error {}

/** Everything that is on disk, and what the outside makes of it. */
export class QueueWorld {
  packs: MemoryPack[] = [];
  readonly merged: string[] = [];
  readonly #closed = new Set<number>();
  readonly #counts = { calls: 0, shippings: 0, kills: 0 };

  constructor(
    readonly line: MemoryLine,
    readonly whims: Whims,
  ) {}

  async untilDone(): Promise<void> {
    for (let step = 0; step < 40 * this.line.items.length; step += 1) {
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
    const end = {
      unit: 'u',
      members: [...members],
      outcome,
      reason: null,
      digest: null,
      attempt: 'a',
      texts: {},
    };
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
