/** The binary's own sums beside the messages of a run. Pure. */
import { basename } from 'node:path';
import type { AgentPlace } from '../model/agent.js';
import type { ReportedUsage } from '../model/ledger.js';
import { sumTokens } from '../model/usage.js';
import type { ModelMessage } from '../model/usage.js';
import type { Earlier } from './earlier.js';
import { reportedUsage } from './reported.js';
import type { RunResult } from './result.js';
import { unlistedMessage } from './unlisted.js';

export interface RunMessages {
  readonly place: Pick<AgentPlace, 'attempt' | 'directory'>;
  /** Of this run. */
  readonly listed: readonly ModelMessage[];
  readonly earlier: Earlier;
}

export interface CrossCheck {
  /** null: the binary died before saying. */
  readonly reported: ReportedUsage | null;
  /** What it counted beyond the messages: at most one more, an estimate. */
  readonly unlisted: readonly ModelMessage[];
}

/** @param result - the run's last one. */
export function crossCheck(result: RunResult | null, { place, listed, earlier }: RunMessages): CrossCheck {
  if (result === null) return { reported: null, unlisted: [] };
  const exact = listed.filter(({ isEstimate }) => !isEstimate);
  const own = sumTokens(exact.map(({ tokens }) => tokens));
  const { reported, wasCumulative } = reportedUsage(result, own, earlier.tokens);
  // Sums of a whole session also hold what was booked so for its earlier runs.
  if (wasCumulative) return { reported, unlisted: [] };
  // A session's runs are told apart by their folders.
  const run = earlier.ids.size === 0 ? '' : `:${basename(place.directory)}`;
  const id = `${place.attempt.sessionId}${run}:unlisted`;
  const unlisted = unlistedMessage({ id, modelUsage: result.modelUsage, reported, messages: listed });
  return { reported, unlisted: unlisted === null ? [] : [unlisted] };
}
