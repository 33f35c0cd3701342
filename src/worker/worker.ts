/** The worker station: many small items in one call of a model. */
import type Anthropic from '@anthropic-ai/sdk';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { apiModel } from '../model/model-name.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';
import { createApiAgent } from './api-agent.js';
import { createBatches } from './batches.js';
import { callLimit, withinTime } from './call-time.js';
import { createClient } from './client.js';
import type { WorkerParts } from './client.js';
import { answerSchema, readEntries } from './entries.js';
import { packItems, packLimits } from './pack.js';
import { requestOf } from './request.js';
import { settle } from './settle.js';
import type { Calls } from './single-call.js';
import { countOf } from './token-count.js';
import { calibrate } from './token-scale.js';

interface Prefix {
  readonly model: string;
  readonly parts: readonly string[];
}

/** @param parts - `calls`: how the calls of a run are made; left out: a run is one call. */
export function createWorker(parts: WorkerParts & { readonly calls?: Calls }) {
  let client: Anthropic | null = null;
  const connected = (): Anthropic => (client ??= createClient(parts));
  return {
    model: createApiAgent(parts),
    batches: createBatches(parts, connected),
    schema: answerSchema,
    countPrefix: (prefix: Prefix, signal: AbortSignal) => countPrefix(parts, { prefix, connected }, signal),
    limits: packLimits,
    pack: packItems,
    calibrate,
    read: readEntries,
    settle,
  };
}

interface Counting {
  readonly prefix: Prefix;
  readonly connected: () => Anthropic;
}

/** Asked once for each prefix and kept in `.regen/prefix-tokens/`: counting is free, and takes a request. */
async function countPrefix(
  { surroundings, config }: WorkerParts,
  { prefix, connected }: Counting,
  signal: AbortSignal,
): Promise<number | null> {
  const { system, messages, model, output_config } = requestOf({
    ...prefix,
    ...{ message: '.', ttl: 'off', maxTokens: 1, schema: answerSchema },
  });
  const body = {
    model,
    messages,
    ...(system === undefined ? {} : { system }),
    ...(output_config === undefined ? {} : { output_config }),
  };
  const key = createHash('sha256')
    .update(JSON.stringify([apiModel(model), body]))
    .digest('hex');
  const file = path.join(surroundings.root, '.regen', 'prefix-tokens', key);
  const known = Number((await readOptional(file)) ?? Number.NaN);
  if (Number.isInteger(known) && known > 0) return known;
  try {
    const ask = (within: AbortSignal) =>
      connected().messages.countTokens(body, { signal: within, maxRetries: 0 });
    const answer = await withinTime(callLimit(config.worker), ask, signal);
    const tokens = countOf(answer);
    await mkdir(path.dirname(file), { recursive: true });
    await writeAtomically(file, `${tokens}\n`);
    return tokens;
  } catch (error) {
    signal.throwIfAborted();
    surroundings.progress(
      `the API doesn’t count tokens: ${error instanceof Error ? error.message : String(error)}`,
      'detail',
    );
    return null;
  }
}
