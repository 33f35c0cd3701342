import type { Invocation } from './invocation.js';
import { formatUsage } from '../model/format.js';

/** `regen batch collect <id>`: fetches a finished batch now. */
export async function collectBatch(invocation: Invocation, id: string): Promise<number> {
  const surroundings = await invocation.surroundings();
  const { wireLine } = await import('../wire.js');
  const { collectNow } = await import('../step/packs/collect-now.js');
  const line = await wireLine(surroundings, invocation.options.config);
  const done = await collectNow(line, id, invocation.signal);
  const others = (['errored', 'expired', 'canceled'] as const).flatMap((kind) =>
    done[kind] === 0 ? [] : [`${done[kind]} ${kind}`],
  );
  const counts = [`${done.succeeded} answered`, ...others].join(', ');
  invocation.reporter.result(
    `Collected ${id}: ${counts}; ${done.answered} items of ${done.target} wait to be shipped (${formatUsage(done.usage)}). Run regen.`,
    done,
  );
  return 0;
}
