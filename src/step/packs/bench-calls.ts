/** A packing bench's single calls: booked for no plan, and watched for what they may cost. */
import type { BaseTree } from '../../model/base-tree.js';
import { RegenError } from '../../model/errors.js';
import { formatUsd } from '../../model/format.js';
import type { PackPrompt } from '../../model/prompt.js';
import { hashOf } from '../../system/content-hash.js';
import { runBooked } from '../agent-run.js';
import type { BookedRun } from '../agent-run.js';
import type { References } from '../references-station.js';
import type { RunContext } from '../run-context.js';
import type { Worker } from '../worker-station.js';
import { benchStage } from './bench-place.js';

/** What the calls are made with. */
export interface BenchLine extends Pick<RunContext, 'config' | 'surroundings' | 'journal' | 'signal'> {
  readonly stations: Omit<RunContext['stations'], 'agent'>;
  readonly worker: Worker;
  /** null: there are no reference documents. */
  readonly references: References | null;
  readonly tree: BaseTree;
  /** US dollars for all calls together; null: no limit. */
  readonly maxUsd: number | null;
}

export interface BenchCall {
  readonly model: string;
  readonly prompt: PackPrompt;
  readonly callsToCome: number;
}

export interface BenchCaller {
  /** Throws a RegenError `wait` when the money left doesn't cover it. */
  call(call: BenchCall): Promise<BookedRun>;
  /** Writes the prefix to the cache. */
  warm(call: BenchCall): Promise<void>;
  /** What was spent beside the calls. */
  add(costUsd: number | null): void;
}

/** Keeps count of the calls and of the money. */
export function createBenchCaller(line: BenchLine): BenchCaller {
  const { config, journal, surroundings } = line;
  let [round, spent] = [0, 0];
  const make = async (call: BenchCall, rest: { readonly message: string; readonly isPrewarm?: true }) => {
    const { parts, prefix, prefixHash } = call.prompt;
    const tools = await line.worker.toolTokens(line.signal);
    const left = leftFor(line, { ...call, message: rest.message, tools }, spent);
    round += 1;
    const run = await runBooked(
      {
        ...line,
        stations: { ...line.stations, agent: line.worker.model },
        attempt: journal.attempt,
        round,
        journals,
      },
      {
        ...{ stage: benchStage, effect: 'run', sessionId: surroundings.newId(), resume: false },
        ...{ cwd: journal.attempt.directory, model: call.model, callsToCome: call.callsToCome },
        ...{ prefix, prefixHash, parts, messageHash: hashOf(rest.message), schema: line.worker.schema },
        ...rest,
        grant: { maxUsd: least(left, config.worker.maxUsd ?? null), spend: () => Promise.resolve() },
        isApi: true,
      },
    );
    spent += run.booked.costUsd ?? 0;
    return run;
  };
  return {
    call: (call: BenchCall) => make(call, { message: call.prompt.message }),
    add: (costUsd) => {
      spent += costUsd ?? 0;
    },
    async warm(call: BenchCall): Promise<void> {
      try {
        await make(call, { message: '.', isPrewarm: true });
      } catch (error) {
        // What is wrong with the request, the first call will say as well.
        if (!(error instanceof RegenError && error.code === 'config')) throw error;
      }
    },
  };
}

/** Calls of earlier benches are thrown away. */
const journals = { ofPlan: () => Promise.resolve([]) };

/**
 * US dollars; null: no limit.
 *
 * @throws RegenError `wait` when the longest answer would cost more than is left.
 */
function leftFor(
  line: BenchLine,
  call: BenchCall & { readonly message: string; readonly tools: number },
  spent: number,
): number | null {
  const { config, maxUsd, stations, surroundings } = line;
  if (maxUsd === null) return null;
  // A third of its bytes is more than prose and code have tokens, in any script; the cache at its dearest.
  const tokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);
  const prefix = tokens(call.prompt.prefix) + call.tools;
  const counts = { input: tokens(call.message), cacheWrite1h: prefix, cacheWrite5m: 0 };
  const most = { ...counts, cacheRead: 0, output: config.worker.maxOutput };
  const cost = stations.ledger.price(call.model, most, surroundings.now());
  if (cost === null || spent + cost <= maxUsd) return maxUsd - spent;
  const sums = `${formatUsd(spent)} is spent, and a call of ${call.model} may cost ${formatUsd(cost)}`;
  throw new RegenError('wait', `--max-usd ${maxUsd}: ${sums}`, {
    hint: 'Raise --max-usd, measure fewer sizes or models, or lower worker.maxOutput.',
  });
}

function least(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
