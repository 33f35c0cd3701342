/** The worker against a scripted endpoint, through the provider's real client. */
import { randomUUID } from 'node:crypto';
import { startScriptedModel } from '../../src/demo/model/server.js';
import type { ScriptedModel, ScriptedModelOptions } from '../../src/demo/model/server.js';
import type { AgentRun } from '../../src/model/agent.js';
import { provider, worker } from '../../src/model/config-worker.js';
import type { WorkerParts } from '../../src/worker/client.js';
import { makeScratch } from '../support/scratch.js';
import type { Scratch } from '../support/scratch.js';

export const never = new AbortController().signal;
export const now = new Date('2026-05-02T14:00:00Z');

export interface Scripted extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly scratch: Scratch;
  readonly parts: WorkerParts;
  /** What was told with `progress`. */
  readonly lines: string[];
}

export async function startScripted(
  options: Pick<ScriptedModelOptions, 'script' | 'batches'>,
): Promise<Scripted> {
  const model = await startScriptedModel({ ...options, now: () => now, newId: randomUUID });
  const scratch = await makeScratch();
  const lines: string[] = [];
  return {
    ...{ model, scratch, lines },
    parts: partsAt(model.url, { root: scratch.folder, lines }),
    async [Symbol.asyncDispose]() {
      await model.close();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

/** What the worker is made of, with its endpoint there. */
export function partsAt(
  endpoint: string,
  { root, lines = [] }: { readonly root: string; readonly lines?: string[] },
): WorkerParts {
  return {
    surroundings: {
      ...{ root, env: {}, now: () => now, newId: randomUUID },
      progress: (line) => lines.push(line),
    },
    config: { worker: worker.parse({ endpoint, maxOutput: 4000 }), provider: provider.parse({}) },
  };
}

/** A run in a folder of its own. */
export function runIn({ scratch }: Pick<Scripted, 'scratch'>, more: Partial<AgentRun> = {}): AgentRun {
  const directory = scratch.in(randomUUID());
  const attempt = {
    ...{ target: 'guide', item: null, uuid: randomUUID(), number: 1, plan: 'p', base: '0' },
    ...{ sessionId: 'session-1', directory },
  };
  return {
    ...{ attempt, cwd: directory, directory, prefix: 'Rules.', message: 'Rewrite.', model: 'haiku' },
    ...{ resume: false, maxUsd: null, ...more },
  };
}
