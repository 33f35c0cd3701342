/** The part of the composition root for the worker: the provider's API, and blocks written back into files. */
import { applyResults } from './blocks/apply.js';
import type { Config } from './model/config.js';
import type { Surroundings } from './model/surroundings.js';
import type { Worker } from './step/worker-station.js';
import { createWorker } from './worker/worker.js';

export function wireWorker(surroundings: Surroundings, config: Config): Worker {
  return { ...createWorker({ surroundings, config }), apply: applyResults };
}
