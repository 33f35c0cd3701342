/** Whether the API answers, asked for something that is free. */
import Anthropic from '@anthropic-ai/sdk';
import { RegenError } from '../model/errors.js';
import { apiModel } from '../model/model-name.js';
import { createClient } from './client.js';
import type { WorkerParts } from './client.js';
import { faultOf } from './faults.js';

const timeoutMs = 10_000;

/**
 * A sentence about what was seen.
 *
 * @throws RegenError `environment` when nobody answers or the key is refused, `config` for a model that isn't known there.
 */
export async function probeApi(parts: WorkerParts, signal: AbortSignal): Promise<string> {
  const { model, endpoint } = parts.config.worker;
  const question = { model: apiModel(model), messages: [{ role: 'user' as const, content: '.' }] };
  try {
    const client = createClient(parts);
    await client.messages.countTokens(question, { signal, maxRetries: 0, timeout: timeoutMs });
    return `the API answers for ${model}`;
  } catch (error) {
    signal.throwIfAborted();
    // Servers other than the provider's may have nothing that counts.
    if (endpoint !== undefined && error instanceof Anthropic.NotFoundError)
      return `${endpoint} answers, and counts no tokens`;
    const fault = faultOf(error, parts.surroundings.now());
    if (fault === null) throw error;
    if (fault.kind === 'not_ready')
      throw new RegenError('environment', fault.detail, { hint: fault.hint, cause: error });
    if (fault.kind !== 'waiting' || fault.reason !== 'network') return 'the API answers, and is busy';
    throw new RegenError('environment', fault.detail, {
      hint: 'Look at the network, worker.endpoint in regen.yaml and ANTHROPIC_BASE_URL.',
      cause: error,
    });
  }
}
