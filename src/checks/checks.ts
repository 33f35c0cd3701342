import type { Config } from '../model/config.js';
import { formatDuration } from '../model/duration.js';
import type { Surroundings } from '../model/surroundings.js';
import type { CheckResult } from '../model/verdict.js';
import { createItemCommands, emptyFolder } from '../system/item-command.js';
import type { Bench, CheckPlace } from './bench.js';
import { publishArtifacts } from './publish.js';
import { runVariant } from './run-variant.js';
import { preflight, preflightTools } from './preflight.js';
import { variantsOf } from './variants.js';

export interface CheckParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
  /** The caller is itself one of the attempt's processes, see `createItemCommands`. */
  readonly isGuest?: boolean;
}

interface CheckStation {
  preflight(place: CheckPlace, signal: AbortSignal): Promise<void>;
  preflightTools(signal: AbortSignal): Promise<void>;
  run(place: CheckPlace, signal: AbortSignal): Promise<readonly CheckResult[]>;
  publish(place: CheckPlace, signal: AbortSignal): Promise<CheckResult>;
}

/** The commands of the repository that an item has to pass. */
export function createChecks({ surroundings, config, isGuest = false }: CheckParts): CheckStation {
  const bench: Bench = {
    surroundings,
    config,
    run: createItemCommands(surroundings, { isGuest }),
    hasFixed: false,
  };
  return {
    preflight: (place, signal) => preflight(bench, place, signal),
    preflightTools: (signal) => preflightTools(bench, signal),
    run: (place, signal) => runChecks(bench, place, signal),
    publish: (place, signal) => publishArtifacts(bench, place, signal),
  };
}

/** In the configured order, up to the first check that fails; all variants of that one run, since they tell more together. */
async function runChecks(
  bench: Bench,
  place: CheckPlace,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  await emptyFolder(place.artifacts);
  const results: CheckResult[] = [];
  for (const check of bench.config.checks.run) {
    for (const variant of variantsOf(check)) {
      const result = await runVariant(bench, place, variant, signal);
      bench.surroundings.progress(describe(result));
      results.push(result);
    }
    if (results.some(({ ok }) => !ok)) break;
  }
  return results;
}

function describe({ name, ok, durationMs, digest, notes }: CheckResult): string {
  const outcome = ok ? 'passed' : `failed: ${digest?.split('\n')[0] ?? 'no output'}`;
  const noted = ok && notes.length > 0 ? `; ${notes.join('; ')}` : '';
  return `check ${name} ${outcome} (${formatDuration(durationMs)})${noted}`;
}
