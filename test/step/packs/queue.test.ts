/** A whole plan's life with a model and checks that do what they can to lose items, and with kills anywhere. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeScratch } from '../../support/scratch.js';
import type { Scratch } from '../../support/scratch.js';
import { memoryLine } from './pack-line.js';
import { perCall, QueueWorld } from './queue-world.js';

const itemCount = 24;
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
const anyShipping = fc.constantFrom(...(['ships', 'ships', 'check fails', 'can’t be shipped'] as const));
/** Whether the process is killed at the next of the places where it can be. */
const anyKills = fc.array(fc.boolean(), { maxLength: 60 });

describe('a plan', () => {
  let text: Readonly<Record<string, string>>;
  let scratch: Scratch;

  beforeAll(async () => {
    scratch = await makeScratch();
    const paragraphs = (page: string): string =>
      Array.from({ length: itemCount / pages.length }, (_, index) => `Text ${index} of ${page}.`).join(
        '\n\n',
      );
    text = Object.fromEntries(pages.map((page) => [page, `${paragraphs(page)}\n`]));
  });

  afterAll(() => scratch[Symbol.asyncDispose]());

  it('comes to an end whatever is answered, whatever fails and wherever it is killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { maxLength: 60 }),
        fc.array(anyShipping, { maxLength: 60 }),
        anyKills,
        async (calls, shippings, kills) => {
          const line = await memoryLine(text, { root: scratch.folder });
          const world = new QueueWorld(line, { calls, shippings, kills });

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
