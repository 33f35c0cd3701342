/** For how long a run's prefix is cached: as regen.yaml says, else as the ledger lets expect. `regen prompt` asks as well. */
import { configuredMode } from '../model/cache-mode.js';
import type { Ttl } from '../model/cache-mode.js';
import { chooseTtl } from '../model/cache-ttl.js';
import type { TtlChoice } from '../model/cache-ttl.js';
import type { Config } from '../model/config.js';
import { formatUsd } from '../model/format.js';
import type { LedgerRow } from '../model/ledger.js';
import type { TokenCounts } from '../model/usage.js';
import { knowsNoCache, measuredTokens, modelOf, ofPrefix, pastSessions, runs } from './cache-history.js';
import type { Ledger } from './ledger-station.js';

export interface TtlQuestion {
  readonly config: Pick<Config, 'agent' | 'cache'>;
  readonly run: {
    readonly stage: string;
    readonly model: string;
    readonly prefixHash: string;
    /** `api`: its stage may have two prefixes in use, with and without all references. */
    readonly kind?: 'agent' | 'read-only' | 'api';
  };
  readonly rows: readonly LedgerRow[];
  /** Tokens of the prefix, where nobody has measured it. */
  readonly estimate: number;
  readonly price: (model: string, tokens: TokenCounts) => number | null;
}

export interface ExpectedTtl {
  readonly ttl: Ttl;
  /** null: regen.yaml says so. */
  readonly why: string | null;
}

export function expectedTtl({ config, run, rows, estimate, price }: TtlQuestion): ExpectedTtl {
  const mode = configuredMode(run.model, config.cache);
  if (mode !== 'auto') return { ttl: mode, why: null };
  const { endpoint } = config.agent;
  if (endpoint !== undefined && knowsNoCache(rows)) {
    return {
      ttl: 'off',
      why: `caching is switched off: the last runs at ${endpoint} show none (cache.mode overrides)`,
    };
  }
  const model = modelOf(rows, run.stage) ?? run.model;
  const isApi = run.kind === 'api';
  const tokens = measuredTokens(rows, { ...run, isPartAlike: isApi }) ?? estimate;
  const sessions = pastSessions(isApi ? ofPrefix(rows, run) : rows, run.stage);
  const choice = chooseTtl(sessions, tokens, (use) => price(model, use));
  return { ttl: choice.ttl, why: choiceText(run.stage, choice) };
}

/** Of the plan; while that has too few sessions, of all of the target's. */
export async function cacheRows(
  ledger: Pick<Ledger, 'rows'>,
  { plan, target }: { readonly plan: string; readonly target: string },
): Promise<readonly LedgerRow[]> {
  const own = await ledger.rows({ plan, target });
  return runs(own).length >= enoughRuns ? own : ledger.rows({ target });
}

const enoughRuns = 3;

function choiceText(stage: string, { ttl, usd, sessions }: TtlChoice): string {
  if (usd === null) return `${stage} caches for 5m: too few sessions to tell (${sessions}), or no price`;
  const sums = `${formatUsd(usd['5m'])} at 5m, ${formatUsd(usd['1h'])} at 1h, ${formatUsd(usd.off)} without`;
  return `${stage} caches ${ttl === 'off' ? 'nothing' : `for ${ttl}`}: a session’s prompts come to ${sums} (${sessions} sessions)`;
}
