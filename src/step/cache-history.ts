/** What the ledger's rows say of a prefix and of the sessions that used it. Pure. */
import type { Ttl } from '../model/cache-mode.js';
import { isWarm } from '../model/cache-use.js';
import type { LastUse } from '../model/cache-use.js';
import type { PastSession } from '../model/cache-ttl.js';
import { requestPrompt } from '../model/ledger.js';
import { mayBeSameModel } from '../model/model-name.js';
import type { LedgerRow, MessageRow, RunRow } from '../model/ledger.js';

/** How many sessions, the newest, tell what to expect. */
const mostSessions = 20;

/** How often in a row a server has to leave the cache alone before it is taken for one that has none. */
const mostSilentRuns = 3;

interface PrefixKey {
  readonly stage: string;
  readonly prefixHash: string;
}

/** The newest sessions of the stage, as far as they asked the model that it asks now, oldest first. */
export function pastSessions(rows: readonly LedgerRow[], stage: string): readonly PastSession[] {
  const asked = conversation(rows).filter((row) => row.stage === stage);
  const model = asked.at(-1)?.model;
  const ofModel = asked.filter((row) => row.model === model);
  return bySession(ofModel)
    .slice(-mostSessions)
    .map((own) => ({
      gapMs: gapTo(own[0], ofModel),
      requests: own.map((row, index) => ({
        gapMs: index === 0 ? 0 : timeOf(row) - timeOf(own[index - 1] ?? row),
        prompt: requestPrompt(row),
      })),
    }));
}

/** The model that the stage asked last, as the API names it; null: nobody knows yet. */
export function modelOf(rows: readonly LedgerRow[], stage: string): string | null {
  return conversation(rows).findLast((row) => row.stage === stage)?.model ?? null;
}

/**
 * Without the rows of the stage's other prefixes, once this one has been used: packs that miss the references have another
 * than the rest, and are asked in between. Neither the length nor the first use of one tells anything about the other.
 */
export function ofPrefix(rows: readonly LedgerRow[], { stage, prefixHash }: PrefixKey): readonly LedgerRow[] {
  const isOwn = (row: LedgerRow): boolean => row.prefixHash === prefixHash;
  const isUsed = conversation(rows).some((row) => row.stage === stage && isOwn(row));
  return isUsed ? rows.filter((row) => row.kind !== 'message' || row.stage !== stage || isOwn(row)) : rows;
}

/**
 * How long the prefix is, as its readers were told; null: nobody has read it yet.
 *
 * @param isPartAlike - another prefix may begin as this one does: who wrote anything may have read no more than that.
 * @param isLoop - a call writes its message as well: it has read all of a prefix that was in the cache.
 */
export function measuredTokens(
  rows: readonly LedgerRow[],
  { stage, prefixHash, isPartAlike = false, isLoop = false }: PrefixKey & PrefixReading,
): number | null {
  const own = conversation(rows).filter((row) => row.stage === stage && row.prefixHash === prefixHash);
  const hasReadAll = (row: MessageRow): boolean =>
    !isPartAlike || row.cacheWrite5m + row.cacheWrite1h === 0 || (isLoop && wasWarm(rows, row, prefixHash));
  const longest = bySession(own)
    .flatMap(([first]) => first ?? [])
    .filter(({ cacheRead }) => cacheRead > 0)
    .toSorted((left, right) => right.cacheRead - left.cacheRead)
    .find(hasReadAll);
  return longest?.cacheRead ?? null;
}

interface PrefixReading {
  readonly isPartAlike?: boolean;
  readonly isLoop?: boolean;
}

/** Whether another session had left the prefix in the model's cache. */
function wasWarm(
  rows: readonly LedgerRow[],
  { at, model, session }: MessageRow,
  prefixHash: string,
): boolean {
  const others = rows.filter((row) => row.session !== session);
  const before = new Date(at);
  return isWarm(lastUse(others, { prefixHash, model, before }), before);
}

/**
 * Without the messages of other models: each has a cache of its own.
 *
 * @param model - as regen.yaml names it, which needn't be the API's name: who may be the same counts.
 */
export function ofModel(rows: readonly LedgerRow[], model: string): readonly LedgerRow[] {
  return rows.filter((row) => row.kind !== 'message' || mayBeSameModel(row.model, model));
}

/**
 * When the prefix was last read or written.
 *
 * @param model - as the API names it; null: any.
 */
export function lastUse(
  rows: readonly LedgerRow[],
  {
    prefixHash,
    model,
    before,
  }: { readonly prefixHash: string; readonly model: string | null; readonly before: Date },
): LastUse | null {
  const uses = conversation(rows).filter(
    (row) =>
      row.prefixHash === prefixHash &&
      (model === null || row.model === model) &&
      row.cacheRead + row.cacheWrite5m + row.cacheWrite1h > 0 &&
      timeOf(row) <= before.getTime(),
  );
  const newest = uses.reduce((last, row) => Math.max(last, timeOf(row)), -Infinity);
  if (newest === -Infinity) return null;
  const written = uses.findLast((row) => row.cacheWrite5m + row.cacheWrite1h > 0);
  return { at: new Date(newest), ttl: (written?.cacheWrite1h ?? 0) > 0 ? '1h' : '5m' };
}

/** Whether the last runs of several requests, of those that were to use the cache, came back without a trace of it. */
export function knowsNoCache(rows: readonly LedgerRow[]): boolean {
  const tried = runs(rows).filter(({ ttl, usage }) => ttl !== off && usage.requests > 1);
  const last = tried.slice(-mostSilentRuns);
  return (
    last.length === mostSilentRuns &&
    last.every(({ usage }) => usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h === 0)
  );
}

const off: Ttl = 'off';

export function runs(rows: readonly LedgerRow[]): readonly RunRow[] {
  return rows.filter((row) => row.kind === 'run');
}

/** Requests of main conversations: subagents have prefixes of their own. */
function conversation(rows: readonly LedgerRow[]): readonly MessageRow[] {
  return rows
    .filter((row) => row.kind === 'message')
    .filter((row) => !row.isSidechain && requestPrompt(row) > 0);
}

/** In the order of their first rows. */
function bySession(rows: readonly MessageRow[]): readonly (readonly MessageRow[])[] {
  const sessions = new Map<string, MessageRow[]>();
  for (const row of rows) {
    const own = sessions.get(row.session) ?? [];
    sessions.set(row.session, own);
    own.push(row);
  }
  return [...sessions.values()];
}

function gapTo(first: MessageRow | undefined, rows: readonly MessageRow[]): number | null {
  if (first === undefined) return null;
  const { prefixHash, session } = first;
  const earlier = rows.filter(
    (row) => row.session !== session && row.prefixHash === prefixHash && timeOf(row) <= timeOf(first),
  );
  return earlier.length === 0 ? null : timeOf(first) - Math.max(...earlier.map(timeOf));
}

function timeOf({ at }: MessageRow): number {
  return Date.parse(at);
}
