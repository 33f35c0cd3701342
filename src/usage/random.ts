/** Numbers that look random and are the same each time: a figure that is drawn mustn't change when nothing else did. */

/** Whole numbers from 0 to below `end`. */
export type Draw = (end: number) => number;

/** mulberry32: 32 bits of state, good enough for resampling, no good for secrets. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
}
