import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult } from '../model/verdict.js';
import { emptyFolder, scratchHome } from '../system/item-command.js';
import { roundFolder, withRetries } from './bench.js';
import type { Bench, CheckPlace, Try } from './bench.js';
import { keepProducts, missingProducts } from './products.js';
import { productsOf } from './variants.js';
import type { Variant } from './variants.js';

/** Runs one variant of a check; what it must produce is kept in `place.artifacts` once it has passed. */
export async function runVariant(
  bench: Bench,
  place: CheckPlace,
  variant: Variant,
  signal: AbortSignal,
): Promise<CheckResult> {
  const stem = join(roundFolder(place), fileName(variant.name));
  const artifacts = `${stem}.artifacts`;
  const log = `${stem}.log`;
  await rm(log, { force: true });
  try {
    const result = await withRetries(bench, {
      name: variant.name,
      retries: variant.check.retries,
      log,
      once: () => tryOnce(bench, { place, variant, artifacts, log }, signal),
    });
    if (result.ok) await keepProducts(productsOf(variant, place.attempt), artifacts, place.artifacts);
    return result;
  } finally {
    await rm(artifacts, { recursive: true, force: true });
  }
}

interface Run {
  readonly place: CheckPlace;
  readonly variant: Variant;
  readonly artifacts: string;
  readonly log: string;
}

async function tryOnce(
  bench: Bench,
  { place, variant, artifacts, log }: Run,
  signal: AbortSignal,
): Promise<Try> {
  await emptyFolder(artifacts);
  const { check, values, settings } = variant;
  const result = await bench.run(
    place,
    {
      template: check.run,
      values,
      names: bench.config.checks.env,
      settings,
      artifacts,
      home: scratchHome(place.attempt),
      timeoutMs: check.timeout,
      log,
    },
    signal,
  );
  if (result.failure !== null) return result;
  const missing = await missingProducts(productsOf(variant, place.attempt), artifacts);
  return { ...result, failure: missing.length === 0 ? null : missing.join('; ') };
}

/** Names of checks differ, and so must their files: what a path dislikes is escaped, not dropped. */
function fileName(name: string): string {
  return encodeURIComponent(name.replaceAll(' ', '_')).replaceAll('%3D', '=');
}
