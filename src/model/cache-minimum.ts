/**
 * The shortest prefix that the API caches, in tokens: a shorter one is sent as plain input, without a word. As of 2026-11;
 * sources conflict, so that `cache.models.<model>.minimum` in regen.yaml stands over it. Pure.
 */
import { canonicalModel } from './model-name.js';

export interface CacheMinimum {
  readonly tokens: number;
  /** `assumed`: the model is in neither regen.yaml nor the table. */
  readonly source: 'config' | 'table' | 'assumed';
}

/** The month in which the table was looked up. */
export const minimumsAsOf = '2026-11';

/** The first that fits counts. */
const minimums: readonly (readonly [model: RegExp, tokens: number])[] = [
  [/^(?:opus-5|fable-5|sonnet-5-5|haiku-5-5)(?:-|$)/, 512],
  [/^(?:opus-4-8|sonnet-5|sonnet-4-[56])(?:-|$)/, 1024],
  [/^opus-4-7(?:-|$)/, 2048],
  [/^(?:opus-4-[56]|haiku-4-5)(?:-|$)/, 4096],
];

/** For models that nobody wrote anything down of. */
const assumedMinimum = 1024;

interface MinimumOverrides {
  readonly models: Readonly<Record<string, { readonly minimum?: number | undefined }>>;
}

/**
 * @param model - as agent.model or a ledger's row names it.
 * @param cache - `cache` of regen.yaml; null: there is none.
 */
export function cacheMinimum(model: string, cache: MinimumOverrides | null): CacheMinimum {
  const own = overrideOf(model, cache?.models ?? {});
  if (own !== undefined) return { tokens: own, source: 'config' };
  const name = canonicalModel(model.replace(/\[1m\]$/, ''));
  const tabled = minimums.find(([pattern]) => pattern.test(name))?.[1];
  return tabled === undefined
    ? { tokens: assumedMinimum, source: 'assumed' }
    : { tokens: tabled, source: 'table' };
}

/** The exact name first, then any name of the same model. */
function overrideOf(model: string, models: MinimumOverrides['models']): number | undefined {
  if (Object.hasOwn(models, model)) return models[model]?.minimum;
  return Object.entries(models).find(([name]) => canonicalModel(name) === canonicalModel(model))?.[1].minimum;
}
