/** What `cache` of regen.yaml says of a model. Pure. */
import type { Config } from './config.js';
import { canonicalModel } from './model-name.js';

/** How long what is written stays in the cache; `off`: nothing is written. */
export type Ttl = '5m' | '1h' | 'off';

/** Milliseconds. */
export const ttlMs: Readonly<Record<Ttl, number>> = { '5m': 5 * 60_000, '1h': 60 * 60_000, off: 0 };

/** The model's own mode, else that of all: the exact name first, then any name of the same model. */
export function configuredMode(model: string, { mode, models }: Config['cache']): Ttl | 'auto' {
  const same = Object.entries(models).find(([name]) => canonicalModel(name) === canonicalModel(model))?.[1];
  const own = Object.hasOwn(models, model) ? models[model] : same;
  return own?.mode ?? mode;
}
