/** The part of the composition root for the worker: the provider's API, its tools, and blocks written back into files. */
import { applyResults } from './blocks/apply.js';
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import type { Stations } from './step/stations.js';
import type { Worker } from './step/worker-station.js';
import type { Bridge } from './worker/bridge.js';
import type { Calls } from './worker/single-call.js';
import { createWorker } from './worker/worker.js';

export interface WorkerWiring {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly stations: Pick<Stations, 'plans' | 'picker' | 'workspace'>;
}

export function wireWorker(parts: WorkerWiring): Worker {
  const { surroundings, config } = parts;
  const { mcp } = config.worker;
  const toolTokens = mcp === undefined ? () => Promise.resolve(0) : measuredTools(parts, mcp);
  const calls = mcp === undefined ? {} : { calls: callsWithTools(parts, mcp) };
  return { ...createWorker({ surroundings, config, ...calls }), toolTokens, apply: applyResults };
}

type Mcp = NonNullable<Config['worker']['mcp']>;

/** The servers run as long as the calls of one pack do. */
function callsWithTools(parts: WorkerWiring, mcp: Mcp): Calls {
  return async (calling, signal) => {
    const { toolLoop } = await import('./worker/tool-loop.js');
    await using bridge = await bridgeFor(parts, { mcp, owner: calling.owner }, signal);
    return await toolLoop(bridge, mcp)(calling, signal);
  };
}

/** Only the servers know what their tools take: they are asked once in a process, and ended again. */
function measuredTools(parts: WorkerWiring, mcp: Mcp): Worker['toolTokens'] {
  let known: number | null = null;
  return async (signal) => {
    if (known !== null) return known;
    await using bridge = await bridgeFor(parts, { mcp, owner: null }, signal);
    return (known = bridge.tokens);
  };
}

interface BridgeFor {
  readonly mcp: Mcp;
  /** The pack's UUID; null: nothing is going to be called. */
  readonly owner: string | null;
}

async function bridgeFor(
  parts: WorkerWiring,
  { mcp, owner }: BridgeFor,
  signal: AbortSignal,
): Promise<Bridge> {
  const [{ openBridge }, { workerTools }, { version }] = await Promise.all([
    import('./worker/bridge.js'),
    import('./wire-own-tools.js'),
    import('./cli/version.js'),
  ]);
  const { env, root } = parts.surroundings;
  const own = mcp.regen ? workerTools(parts, owner ?? '') : [];
  const mark = owner === null ? {} : { marker: `REGEN_ATTEMPT=${owner}` as const };
  return openBridge({ servers: mcp.servers, own, env, cwd: root, version, ...mark }, signal);
}
