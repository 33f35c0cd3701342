/** The part of the composition root for the worker: the provider's API, its tools, and blocks written back into files. */
import { applyResults } from './blocks/apply.js';
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import type { Stations } from './step/stations.js';
import type { Worker } from './step/worker-station.js';
import type { Calls } from './worker/single-call.js';
import { createWorker } from './worker/worker.js';

export interface WorkerWiring {
  readonly surroundings: Surroundings;
  readonly config: Config;
  readonly stations: Pick<Stations, 'plans' | 'picker' | 'workspace'>;
}

export function wireWorker(parts: WorkerWiring): Worker {
  const { surroundings, config } = parts;
  const calls = config.worker.mcp === undefined ? {} : { calls: callsWithTools(parts, config.worker.mcp) };
  return { ...createWorker({ surroundings, config, ...calls }), apply: applyResults };
}

/** The servers run as long as the calls of one pack do. */
function callsWithTools(parts: WorkerWiring, mcp: NonNullable<Config['worker']['mcp']>): Calls {
  const { env, root } = parts.surroundings;
  return async (calling, signal) => {
    const [{ openBridge }, { toolLoop }, { workerTools }, { version }] = await Promise.all([
      import('./worker/bridge.js'),
      import('./worker/tool-loop.js'),
      import('./wire-own-tools.js'),
      import('./cli/version.js'),
    ]);
    const own = mcp.regen ? workerTools(parts) : [];
    const marker = `REGEN_ATTEMPT=${calling.owner}` as const;
    await using bridge = await openBridge(
      { servers: mcp.servers, own, env, cwd: root, version, marker },
      signal,
    );
    return await toolLoop(bridge, mcp)(calling, signal);
  };
}
