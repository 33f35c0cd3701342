/** Runs of the agent: begun and ended in the journal, booked as they go. */
import path from 'node:path';
import type { AgentOutcome, AgentReport, AgentRun } from '../model/agent.js';
import { RegenError } from '../model/errors.js';
import type { Usage } from '../model/usage.js';
import { inBinaryPrices } from './binary-limit.js';
import { createBooker } from './booking.js';
import type { Grant } from './budget.js';
import type { EffectKey } from './journal.js';
import { createPurse } from './purse.js';
import { beginCache } from './run-cache.js';
import { endData, outcomeName, recordsOf } from './run-records.js';
import type { RunContext } from './run-context.js';

/** A run, its session, and under which name it is kept. */
export interface RunOrder extends Omit<AgentRun, 'attempt' | 'directory' | 'maxUsd' | 'moneyUsedUp'> {
  readonly stage: string;
  /** `run`, or what else the stage has the agent do in a round. */
  readonly effect: string;
  readonly sessionId: string;
  readonly prefixHash: string;
  /** Of the whole task, whatever part of it the message repeats. */
  readonly messageHash?: string;
  readonly grant: Pick<Grant, 'maxUsd' | 'spend'>;
  /** Calls with the same prefix that are sure to be made, this one included; left out: nobody knows. */
  readonly callsToCome?: number;
  /** A call of the API, and no run of Claude Code: nothing is sent but our own texts. */
  readonly isApi?: boolean;
  /** How many dollars the binary takes for one of ours, where that is known, see binary-limit.ts. */
  readonly factor?: number;
}

/** A run that is over and booked. */
export interface BookedRun extends AgentReport {
  /** What its messages came to. */
  readonly booked: Usage;
  /** US dollars that it was allowed, by our prices and by the binary's; null: no limit. */
  readonly maxUsd: number | null;
  readonly binaryMaxUsd: number | null;
}

/** One run to its end; what it cost is on the books when it returns. */
export async function runBooked(context: RunContext, order: RunOrder): Promise<BookedRun> {
  const { attempt, journal, round, stations, signal, surroundings } = context;
  const { stage, effect, sessionId, prefixHash, messageHash, grant, factor = 1, ...rest } = order;
  const { callsToCome, isApi = false, ...run } = rest;
  const key = { stage, round, effect };
  const folder = folderOf(journal, order, key);
  const intent = { sessionId, prefixHash, messageHash, directory: folder };
  const directory = path.join(attempt.directory, folder);
  const isReadOnly = run.readOnly !== undefined;
  const kind = isApi ? 'api' : isReadOnly ? 'read-only' : 'agent';
  const cached = { ...run, stage, prefixHash, directory, kind } as const;
  const cache = await beginCache(context, callsToCome === undefined ? cached : { ...cached, callsToCome });

  await journal.append(key, 'begin', intent);
  const booker = createBooker(context, {
    ...{ stage, round, session: sessionId, run: folder, prefixHash },
    startedAt: surroundings.now(),
    onBooked: grant.spend,
  });
  const purse = createPurse(booker, grant.maxUsd);
  const binaryMaxUsd = inBinaryPrices(grant.maxUsd, factor);
  const report = await stations.agent
    .run(
      {
        ...run,
        directory,
        maxUsd: binaryMaxUsd,
        moneyUsedUp: purse.usedUp,
        attempt: { ...attempt, sessionId },
        ttl: cache.ttl,
        onAnswering: cache.onAnswering,
      },
      purse.onMessage,
      signal,
    )
    .catch(async (error: unknown) => {
      // Else the next invocation would take it for a run that was killed, and book what it may have cost.
      if (isApi && error instanceof RegenError && error.code === 'config') {
        await booker.end({ at: surroundings.now(), outcome: 'refused', durationMs: 0, reported: null });
        await journal.append(key, 'end', { outcome: 'refused' });
      }
      throw error;
    })
    .finally(() => cache.release());
  const { durationMs, reported } = report;
  const outcome = outcomeName(report.outcome);
  const booked = await booker.end({
    ...{ at: surroundings.now(), outcome, durationMs, reported },
    cache: await cache.outcome(report),
  });
  await journal.append(key, 'end', endData(report));
  signal.throwIfAborted();
  return { ...report, booked, maxUsd: grant.maxUsd, binaryMaxUsd };
}

/** One folder per start, so that a session that is gone on with keeps what it was told and said before. */
function folderOf(
  journal: RunContext['journal'],
  { stage, effect, sessionId }: RunOrder,
  key: EffectKey,
): string {
  const name = [stage, key.round, sessionId.slice(0, 8), ...(effect === 'run' ? [] : [effect])].join('-');
  const starts = recordsOf(journal, key).filter(
    ({ event, data }) => event === 'begin' && data['sessionId'] === sessionId,
  ).length;
  return starts === 0 ? name : `${name}-${starts + 1}`;
}

/** How a run came to its own end. */
export type RunResult = Extract<AgentOutcome, { kind: 'completed' | 'failed' }>;

/** @throws RegenError for what isn't the item's fault: it stops the step, and the item stays open. */
export function resultOf(outcome: AgentOutcome): RunResult {
  switch (outcome.kind) {
    case 'completed':
    case 'failed':
      return outcome;
    case 'waiting':
      throw new RegenError('wait', outcome.detail, {
        hint: 'Nothing is lost; a later invocation goes on with it.',
        retryAt: outcome.retryAt ?? undefined,
        waitsFor: outcome.reason,
      });
    case 'not_ready':
      throw new RegenError('environment', outcome.detail, { hint: outcome.hint });
    case 'interrupted':
      throw new RegenError('interrupted', 'the agent was interrupted');
  }
}
