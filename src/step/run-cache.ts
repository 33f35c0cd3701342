/** The prompt cache around one run: for how long, who writes first, and what became of the prefix. */
import path from 'node:path';
import type { AgentReport } from '../model/agent.js';
import { boilerplateOf } from '../model/boilerplate.js';
import { cacheMinimum } from '../model/cache-minimum.js';
import { configuredMode } from '../model/cache-mode.js';
import type { Ttl } from '../model/cache-mode.js';
import { cacheUseOf, isWarm } from '../model/cache-use.js';
import type { CacheUse, PromptCharacters } from '../model/cache-use.js';
import { usualCharactersPerToken } from '../model/context-fit.js';
import type { LedgerRow, RunRow } from '../model/ledger.js';
import { apiModel } from '../model/model-name.js';
import type { ModelMessage } from '../model/usage.js';
import { lastUse, modelOf, ofModel, runs } from './cache-history.js';
import { cacheRows, expectedTtl } from './expected-ttl.js';
import { changedSince, writePrefixRecord } from './prefix-record.js';
import { nameOf } from './run-context.js';
import type { RunContext } from './run-context.js';
import { warmUp } from './warm-up.js';
import type { WarmUp } from './warm-up.js';

export interface CachedRun {
  readonly stage: string;
  readonly prefix: string;
  readonly prefixHash: string;
  readonly message: string;
  /** As regen.yaml names it. */
  readonly model: string;
  readonly resume: boolean;
  /** A run that only looks has one tool and no profile of its own; a call of the API has nothing but our own texts. */
  readonly kind: 'agent' | 'read-only' | 'api';
  /** Calls with the same prefix that are sure to be made, this one included; left out: nobody knows. */
  readonly callsToCome?: number;
  /** For how long, where whoever asks knows; left out: by the cadence. */
  readonly ttl?: Ttl | undefined;
  /** Absolute. */
  readonly directory: string;
}

/** What of it goes into the ledger's row. */
export type CacheOutcome = Pick<RunRow, 'cache' | 'drift' | 'ttl'>;

export interface RunCache {
  readonly ttl: Ttl;
  /** To be called when the first answer begins. */
  readonly onAnswering: () => void;
  /** To be called when the run is over, however it ended: nobody waits for its answer any more. */
  release(): Promise<void>;
  /** What became of the prefix; says what has to be said. */
  outcome(report: Pick<AgentReport, 'messages'>): Promise<CacheOutcome>;
}

/** Returns when the run may begin: beside others, when the prefix can be read or is its own to write. */
export async function beginCache(context: RunContext, run: CachedRun): Promise<RunCache> {
  const { attempt, signal, surroundings } = context;
  await writePrefixRecord(run.directory, { prefix: run.prefix, base: attempt.base });
  const rows = await historyOf(context, run);
  const ttl = ttlOf(context, run, rows);
  const startsWarm = ttl === 'off' || run.resume || isTooShort(context, run, rows);
  const use = lastUse(rows, { ...run, model: null, before: surroundings.now() });
  const prefix = { hash: run.prefixHash, model: run.model, lastUse: use };
  const first: WarmUp | null = startsWarm ? null : await warmUp(surroundings, { ...prefix, ttl }, signal);
  const startedAt = surroundings.now();
  return {
    ttl,
    onAnswering: () => first?.answering(),
    release: async () => first?.over(),
    async outcome({ messages }) {
      const request = messages.find(isFirst);
      return request === undefined ? { ttl } : outcomeOf(context, run, { ttl, startedAt, request });
    },
  };
}

interface FirstRequest {
  readonly ttl: Ttl;
  readonly startedAt: Date;
  readonly request: ModelMessage;
}

function isFirst({ id, isSidechain }: ModelMessage): boolean {
  return !isSidechain && !id.endsWith(':unlisted');
}

/**
 * As far as it is of the run's model: another one's cache, and how often it is asked, is nothing to this one. Which model
 * Claude Code takes for a short name isn't known before its first answer.
 */
async function historyOf({ attempt, stations }: RunContext, run: CachedRun): Promise<readonly LedgerRow[]> {
  const name = run.kind === 'api' ? apiModel(run.model) : run.model;
  return ofModel(await cacheRows(stations.ledger, attempt), name);
}

function ttlOf(context: RunContext, run: CachedRun, rows: readonly LedgerRow[]): Ttl {
  if (run.ttl !== undefined) return run.ttl;
  const { attempt, config, stations, surroundings } = context;
  const { ttl, why } = expectedTtl({
    ...{ config, run, rows },
    estimate: Math.round(charactersOf(context, run).whole / usualCharactersPerToken),
    price: (model, tokens) => stations.ledger.price(model, tokens, surroundings.now()),
  });
  const isLast = run.callsToCome === 1 && configuredMode(run.model, config.cache) === 'auto';
  const now = surroundings.now();
  if (isLast && !isWarm(lastUse(rows, { ...run, model: null, before: now }), now)) {
    surroundings.progress(`${nameOf(attempt)}: caches nothing: no other call will read it`, 'detail');
    return 'off';
  }
  if (why !== null) surroundings.progress(`${nameOf(attempt)}: ${why}`, 'detail');
  return ttl;
}

function isTooShort(context: RunContext, run: CachedRun, rows: readonly LedgerRow[]): boolean {
  const model = modelOf(rows, run.stage) ?? run.model;
  const tokens = charactersOf(context, run).whole / usualCharactersPerToken;
  return tokens < minimumOf(context, run, model);
}

/** regen.yaml may name the model otherwise than the API does: `sonnet`. */
function minimumOf({ config }: RunContext, run: CachedRun, model: string): number {
  const named = cacheMinimum(run.model, config.cache);
  return named.source === 'config' ? named.tokens : cacheMinimum(model, config.cache).tokens;
}

function charactersOf({ config }: RunContext, run: CachedRun): PromptCharacters {
  if (run.kind === 'api') return { whole: run.prefix.length, tools: 0, message: run.message.length };
  const agent =
    run.kind === 'read-only' ? { ...config.agent, profile: 'lean' as const, tools: ['Read'] } : config.agent;
  const { prefix, message } = boilerplateOf({ ...agent, model: run.model });
  // Of the custom profile's tools nobody knows how much they are.
  const tools =
    agent.profile === 'custom' ? 0 : boilerplateOf({ ...agent, model: run.model, profile: 'lean' }).prefix;
  return {
    whole: prefix + run.prefix.length,
    tools,
    message: run.resume ? null : message + run.message.length,
  };
}

async function outcomeOf(
  context: RunContext,
  run: CachedRun,
  { ttl, startedAt, request }: FirstRequest,
): Promise<CacheOutcome> {
  const { attempt, surroundings } = context;
  const rows = await historyOf(context, run);
  const minimum = minimumOf(context, run, request.model);
  const cache = cacheUseOf({
    ...{ ttl, startedAt, first: request.tokens, minimum },
    characters: charactersOf(context, run),
    lastUse: lastUse(rows, { ...run, model: request.model, before: startedAt }),
  });
  const own = runs(rows).filter((row) => row.plan === attempt.plan && row.stage === run.stage);
  const say = (text: string): void => {
    surroundings.progress(`${nameOf(attempt)}: ${text}`);
  };
  // What is asked once for a whole target has nobody to read its prefix.
  const isShared = attempt.item !== null || attempt.members !== undefined;
  if (cache === 'too-short' && isShared && !own.some((row) => row.cache === 'too-short')) {
    say(
      `the ${run.stage}’s prefix is shorter than the ${minimum} tokens that ${request.model} caches: every item pays for it in full`,
    );
  }
  if (cache === 'drifted') {
    const drift = await differenceTo(
      context,
      run,
      own.filter(({ prefixHash }) => prefixHash === run.prefixHash),
    );
    say(
      `prefix drifted: it should have been read from the cache and was written again; ${drift ?? unknownDrift}`,
    );
    return { cache, ttl, drift: drift ?? unknownDrift };
  }
  await sayNewPrefix(context, run, { own, cache });
  return { cache, ttl };
}

const unknownDrift = 'nothing that regen sends changed: look at what stands between it and the API';

/** Said once: by the first run with it. */
async function sayNewPrefix(
  context: RunContext,
  run: CachedRun,
  { own, cache }: { readonly own: readonly RunRow[]; readonly cache: CacheUse },
): Promise<void> {
  const isNew = own.length > 0 && own.every(({ prefixHash }) => prefixHash !== run.prefixHash);
  if (!isNew || cache === 'off') return;
  const change = await differenceTo(context, run, own);
  if (change === null) return;
  const { attempt, surroundings } = context;
  surroundings.progress(`${nameOf(attempt)}: the ${run.stage}’s prefix is written anew: ${change}`);
}

/** Compared with the last of these runs. */
async function differenceTo(
  { attempt, journals }: RunContext,
  run: CachedRun,
  earlier: readonly RunRow[],
): Promise<string | null> {
  const last = earlier.at(-1);
  if (last === undefined) return null;
  const all = await journals.ofPlan(attempt.plan, attempt.target);
  const found = all.find((journal) => journal.attempt.uuid === last.attempt);
  if (found === undefined) return null;
  return changedSince(path.join(found.attempt.directory, last.run), run.directory);
}
