import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult } from '../model/verdict.js';
import { makeScratch } from '../system/temporaries.js';
import { withRetries } from './bench.js';
import type { Bench, CheckPlace } from './bench.js';

/** Hands the kept artifacts to the configured command; passes when there is nothing configured. */
export async function publishArtifacts(
  bench: Bench,
  place: CheckPlace,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { publish, checks } = bench.config;
  if (publish === undefined) return { name: 'publish', ok: true, durationMs: 0, digest: null, log: '' };
  const { artifacts, attempt } = place;
  const log = join(attempt.directory, 'publish.log');
  await rm(log, { force: true });
  await mkdir(artifacts, { recursive: true });
  // Not the checks' HOME: publishing may hold credentials, and the item's code could have left settings there.
  const home = await makeScratch('home');
  try {
    const command = {
      template: publish.run,
      values: { artifacts },
      names: [...checks.env, ...publish.env],
      artifacts,
      home,
      timeoutMs: publish.timeout,
      log,
    };
    return await withRetries(bench, {
      name: 'publish',
      retries: publish.retries,
      log,
      once: () => bench.run(place, command, signal),
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
