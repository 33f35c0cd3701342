/** Whether the API answers, asked for something that is free. */
import Anthropic from '@anthropic-ai/sdk';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import { apiModel } from '../model/model-name.js';
import { withinTime } from './call-time.js';
import type { TimeLimit } from './call-time.js';
import { createClient } from './client.js';
import type { WorkerParts } from './client.js';
import { faultOf } from './faults.js';
import { countOf } from './token-count.js';

/** A person waits for it. */
const limit: TimeLimit = { ms: 10_000, key: null };

interface ProbeParts extends WorkerParts {
  readonly config: Pick<Config, 'worker' | 'provider' | 'routing'>;
}

/**
 * A sentence about what was seen, of every model that items may get.
 *
 * @throws RegenError `environment` when nobody answers, something else than the API does, or the key is
 * refused, `config` for a model that isn't known there.
 */
export async function probeApi(parts: ProbeParts, signal: AbortSignal): Promise<string> {
  const models = modelsOf(parts.config);
  const client = createClient(parts);
  for (const [index, model] of models.entries()) {
    const seen = await probeModel({ ...parts, client, model, hasCounted: index > 0 }, signal);
    if (seen !== null) return seen;
  }
  return `the API answers for ${inWords(models)}`;
}

/** Each once, the worker's first. The classifier counts where it may be asked. */
function modelsOf({ worker, routing }: ProbeParts['config']): readonly string[] {
  if (routing === undefined) return [worker.model];
  const isAsked = routing.classify !== 'never' && routing.models.length > 1;
  return [...new Set([worker.model, ...routing.models, ...(isAsked ? [routing.classifier] : [])])];
}

interface Probe extends WorkerParts {
  readonly client: Anthropic;
  readonly model: string;
  /** Whether it has counted for another model: then it can. */
  readonly hasCounted: boolean;
}

/** null: it answers for the model; else what it does instead, which holds for all of them. */
async function probeModel(
  { client, model, hasCounted, config, surroundings }: Probe,
  signal: AbortSignal,
): Promise<string | null> {
  const { endpoint } = config.worker;
  const question = { model: apiModel(model), messages: [{ role: 'user' as const, content: '.' }] };
  try {
    const ask = (within: AbortSignal) =>
      client.messages.countTokens(question, { signal: within, maxRetries: 0 });
    // A gateway answers whatever it is asked, and with a page.
    countOf(await withinTime(limit, ask, signal));
    return null;
  } catch (error) {
    signal.throwIfAborted();
    // Servers other than the provider's may have nothing that counts.
    if (endpoint !== undefined && !hasCounted && error instanceof Anthropic.NotFoundError)
      return `${endpoint} answers, and counts no tokens`;
    const fault = faultOf(error, surroundings.now());
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

function inWords(models: readonly string[]): string {
  const last = models.at(-1) ?? '';
  return models.length < 2 ? last : `${models.slice(0, -1).join(', ')} and ${last}`;
}
