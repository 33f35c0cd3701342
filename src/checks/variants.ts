import type { ItemRef } from '../model/attempt.js';
import type { CheckConfig } from '../model/config.js';
import { fillTemplate } from '../model/template.js';
import type { Values } from '../model/template.js';

/** One run of a check: `each` multiplies a check into as many as its axes have combinations. */
export interface Variant {
  readonly check: CheckConfig;
  /** `render`, or `render (theme=light)`. */
  readonly name: string;
  /** The axes' values: placeholders in the command and in `produces`. */
  readonly values: Values;
  /** The same as environment variables: `REGEN_THEME`. */
  readonly settings: Readonly<Record<string, string>>;
}

export function variantsOf(check: CheckConfig): readonly Variant[] {
  return combinations(Object.entries(check.each)).map((pairs) => ({
    check,
    name:
      pairs.length === 0 ? check.name : `${check.name} (${pairs.map((pair) => pair.join('=')).join(', ')})`,
    values: Object.fromEntries(pairs),
    settings: Object.fromEntries(pairs.map(([name, value]) => [`REGEN_${name.toUpperCase()}`, value])),
  }));
}

/** A file that a run must leave in REGEN_ARTIFACTS. */
export interface Product {
  /** Relative to REGEN_ARTIFACTS. */
  readonly path: string;
  readonly isOptional: boolean;
}

export function productsOf(variant: Variant, { target, item }: ItemRef): readonly Product[] {
  return variant.check.produces.map((pattern) => ({
    path: fillTemplate(pattern.replace(/\?$/, ''), { ...variant.values, target, item }),
    isOptional: pattern.endsWith('?'),
  }));
}

type Pair = readonly [name: string, value: string];

function combinations(axes: readonly (readonly [string, readonly string[]])[]): readonly (readonly Pair[])[] {
  return axes.reduce<readonly (readonly Pair[])[]>(
    (found, [name, values]) =>
      found.flatMap((pairs) => values.map((value) => [...pairs, [name, value] as const])),
    [[]],
  );
}
