import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult } from '../model/verdict.js';
import type { CommandResult } from '../system/command.js';
import { makeScratch } from '../system/temporaries.js';
import { logPath } from './bench.js';
import type { Bench, CheckPlace } from './bench.js';
import { endingOf, outputDigest } from './failure-digest.js';

/** Hands the kept artifacts to the configured command; passes when there is nothing configured. */
export async function publishArtifacts(
  bench: Bench,
  place: CheckPlace,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { publish, checks } = bench.config;
  if (publish === undefined) return passed('', 0);
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
    return await withRetries(bench, { retries: publish.retries, log }, () =>
      bench.run(place, command, signal),
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Tries until it succeeds or the retries are used up; the last try is what is reported. */
async function withRetries(
  bench: Bench,
  { retries, log: file }: { readonly retries: number; readonly log: string },
  once: () => Promise<CommandResult>,
): Promise<CheckResult> {
  const log = logPath(bench, file);
  let durationMs = 0;
  for (let tries = 1; ; tries += 1) {
    const { failure, excerpt, durationMs: took } = await once();
    durationMs += took;
    if (failure === null) return passed(log, durationMs);
    if (tries > retries) {
      const digest = outputDigest(excerpt, { ending: endingOf(failure, tries), log });
      return { name: 'publish', ok: false, durationMs, digest, notes: [], log };
    }
  }
}

function passed(log: string, durationMs: number): CheckResult {
  return { name: 'publish', ok: true, durationMs, digest: null, notes: [], log };
}
