/** Packing many items into calls, beside adding up their tokens; and settling answers about all of them. */
import { packItems, packLimits } from '../../src/worker/pack.js';
import { settle } from '../../src/worker/settle.js';

const count = 100_000;
const items = Array.from({ length: count }, (_, index) => ({
  id: `docs/page-${Math.floor(index / 40)}.md#${index % 40}`,
  input: 20 + ((index * 7919) % 400),
  output: 20 + ((index * 104_729) % 300),
}));
const limits = packLimits({ window: 200_000, system: 6000, tools: 1500, maxOutput: 8000 }, 40);

const floor = median(() => items.reduce((sum, item) => sum + item.input + item.output, 0));
let packs = packItems(items, limits);
const packing = median(() => (packs = packItems(items, limits)));
const lenient = { flawOf: () => null, hasFailedAlone: () => false };
const settling = median(() =>
  packs.map((pack) => {
    const results = pack.map(({ id }) => ({ id, result: 'new' }));
    return settle(pack, { kind: 'answered', results }, lenient);
  }),
);

console.log(`${count} items in ${packs.length} packs; medians of 15 runs`);
say('adding up their tokens', floor);
say('packing them', packing);
say('settling an answer about each pack', settling);

function median(run: () => unknown): number {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((left, right) => left - right)[7] ?? 0;
}

function say(what: string, ms: number): void {
  console.log(`${what.padEnd(40)} ${ms.toFixed(1).padStart(7)} ms  ${(ms / floor).toFixed(1)}x`);
}
