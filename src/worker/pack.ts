/** Which items go into one call of a model. Pure. */

/** An item as packing sees it, in tokens. */
export interface Packable {
  /** What it takes in the prompt, its marks included. */
  readonly input: number;
  /** What its result is expected to take in the answer. */
  readonly output: number;
}

export interface PackLimits {
  /** Tokens that the items of one call may take together in the prompt. */
  readonly input: number;
  /** Tokens that one answer may have. */
  readonly output: number;
  /** Items in one call. */
  readonly count: number;
}

/** What the room in a call is reckoned from, all in tokens. */
export interface CallBudget {
  /** The model's context window. */
  readonly window: number;
  /** System prompt with everything that is cached. */
  readonly system: number;
  readonly tools: number;
  /** The longest answer: kept free in the window. */
  readonly maxOutput: number;
}

/** A tenth is left free: tokens are estimates until the answer tells. */
const safety = 0.9;

/** `window − system − tools − output reserve`, the answer's own limit, and a count: whichever binds first. */
export function packLimits({ window, system, tools, maxOutput }: CallBudget, count: number): PackLimits {
  return {
    input: Math.max(0, Math.floor((window - system - tools - maxOutput) * safety)),
    output: Math.floor(maxOutput * safety),
    count,
  };
}

/**
 * Packs in the order given, as few as that order allows, and as even as that number allows: 41 items of which 40 fit go
 * as 21 and 20, since the last of a long answer is where quality goes first. An item that fits nowhere goes alone.
 */
export function packItems<Item extends Packable>(
  items: readonly Item[],
  limits: PackLimits,
): readonly (readonly Item[])[] {
  const tight = fill(items, limits);
  const even = fill(items, { ...limits, count: Math.ceil(items.length / Math.max(1, tight.length)) });
  return even.length === tight.length ? even : tight;
}

/** Whether the item is too large for any call that it shares. */
export function isOversize(item: Packable, limits: PackLimits): boolean {
  return item.input > limits.input || item.output > limits.output;
}

function fill<Item extends Packable>(items: readonly Item[], limits: PackLimits): Item[][] {
  const packs: Item[][] = [];
  let pack: Item[] = [];
  let used = { input: 0, output: 0 };
  for (const item of items) {
    const sum = { input: used.input + item.input, output: used.output + item.output };
    const isFull = pack.length >= limits.count || sum.input > limits.input || sum.output > limits.output;
    if (isFull && pack.length > 0) {
      packs.push(pack);
      pack = [];
      used = { input: 0, output: 0 };
    }
    pack.push(item);
    used = { input: used.input + item.input, output: used.output + item.output };
  }
  if (pack.length > 0) packs.push(pack);
  return packs;
}
