/** The provider's API through its own client. */
import Anthropic from '@anthropic-ai/sdk';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';

export interface WorkerParts {
  readonly surroundings: Surroundings;
  readonly config: Pick<Config, 'worker' | 'provider'>;
}

/** Where the API is, in the words of a config or an environment. */
const keyNames = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'] as const;

/**
 * A client for realtime calls and batches. Nothing is read from the process: what isn't handed in doesn't count.
 *
 * @throws RegenError `environment` when there is no key for an endpoint that nobody configured.
 */
export function createClient({ surroundings, config }: WorkerParts): Anthropic {
  const { env } = surroundings;
  const { endpoint, timeout } = config.worker;
  const baseURL = endpoint ?? env['ANTHROPIC_BASE_URL'] ?? null;
  const apiKey = keyNames.map((name) => env[name]).find((value) => value !== undefined && value !== '');
  if (apiKey === undefined && endpoint === undefined) {
    throw new RegenError('environment', 'engine: worker calls the API, and there is no key for it', {
      hint: `Set ${keyNames.join(' or ')}, or name a server that needs none in worker.endpoint.`,
    });
  }
  const { betas } = config.provider;
  return new Anthropic({
    apiKey: apiKey ?? 'none',
    authToken: null,
    baseURL,
    timeout,
    maxRetries: 2,
    logLevel: 'off',
    openTelemetry: false,
    ...(betas.length === 0 ? {} : { defaultHeaders: { 'anthropic-beta': betas.join(',') } }),
  });
}
