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
    fetch: unlessLong,
    logLevel: 'off',
    openTelemetry: false,
    ...(betas.length === 0 ? {} : { defaultHeaders: { 'anthropic-beta': betas.join(',') } }),
  });
}

/** Waits beyond this are the next invocation's: nobody sits through them with a plan's locks in hand. */
const longestWaitSeconds = 20;

/** The client waits for as long as it is told to; one that is told to wait long gives up at once. */
async function unlessLong(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const isLong = !response.ok && secondsToWait(response.headers) > longestWaitSeconds;
  if (!isLong) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** As the client reads it, thousandths first; NaN where nothing is said. */
function secondsToWait(headers: Headers): number {
  const thousandths = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (thousandths) return thousandths / 1000;
  const said = headers.get('retry-after') ?? '';
  const seconds = Number.parseFloat(said);
  return Number.isNaN(seconds) ? (Date.parse(said) - Date.now()) / 1000 : seconds;
}
