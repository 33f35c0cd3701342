/**
 * Steps side by side: an entry of the cache can be read once the answer that writes it begins. So the first one of a
 * prefix goes ahead, and the others wait that long, or for its end; then they read what it wrote instead of writing
 * it once each. Kept in `.regen/warm/`: a lock of who goes ahead, and when an answer last began.
 */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ttlMs } from '../model/cache-mode.js';
import { isWarm } from '../model/cache-use.js';
import type { LastUse } from '../model/cache-use.js';
import type { Surroundings } from '../model/surroundings.js';
import { acquireLock } from '../system/lock.js';
import { runJobsName } from './run-lock.js';

interface Prefix {
  readonly hash: string;
  readonly model: string;
  readonly ttl: '5m' | '1h';
  /** As the ledger knows. */
  readonly lastUse: LastUse | null;
}

/** To be told when the answer begins, and when the run is over. */
export interface WarmUp {
  answering(): void;
  over(): Promise<void>;
}

/** A first answer that takes longer than this isn't waited for. */
const longestMs = 120_000;
const pollMs = 100;

/** Returns when the prefix can be read, or when it is this process's turn to write it. */
export async function warmUp(
  surroundings: Surroundings,
  prefix: Prefix,
  signal: AbortSignal,
): Promise<WarmUp> {
  if (!hasSiblings(surroundings)) return nothingToDo;
  const file = path.join(
    surroundings.root,
    '.regen',
    'warm',
    `${prefix.hash.slice(0, 32)}-${hexOf(prefix.model)}`,
  );
  const deadline = performance.now() + longestMs;
  for (;;) {
    signal.throwIfAborted();
    if (await isReadable(file, prefix, surroundings.now())) return nothingToDo;
    const lock = await acquireLock(`${file}.lock`, surroundings);
    if (lock.kind === 'held') {
      let ended = Promise.resolve();
      const end = (isAnswered: boolean): void => {
        ended = ended.then(async () => {
          if (isAnswered) await note(file, surroundings.now());
          await lock.release();
        });
        ended.catch(() => undefined); // told by over()
      };
      return {
        answering: () => {
          end(true);
        },
        over() {
          end(false);
          return ended;
        },
      };
    }
    if (performance.now() >= deadline) return nothingToDo;
    await delay(pollMs, undefined, { signal }).catch(() => undefined); // an abort is thrown above
  }
}

const nothingToDo: WarmUp = { answering: () => undefined, over: () => Promise.resolve() };

function hasSiblings({ env }: Surroundings): boolean {
  return Number(env[runJobsName] ?? '1') > 1;
}

async function isReadable(file: string, { lastUse, ttl }: Prefix, now: Date): Promise<boolean> {
  if (isWarm(lastUse, now)) return true;
  const begun = await stat(file).catch(() => null);
  return begun !== null && isWarm({ at: begun.mtime, ttl }, now);
}

/** Of earlier prefixes nothing is kept longer than the cache keeps them. */
async function note(file: string, now: Date): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const other = path.join(folder, name);
    const found = name.endsWith('.lock') ? null : await stat(other).catch(() => null);
    if (found !== null && now.getTime() - found.mtimeMs > ttlMs['1h']) await rm(other, { force: true });
  }
  await writeFile(file, '');
}

/** As a part of a file's name. */
function hexOf(text: string): string {
  return Buffer.from(text).toString('hex').slice(0, 64);
}
