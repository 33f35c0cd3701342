/** The embedding endpoint: OpenAI's `/v1/embeddings`, which most servers of models speak as well. */
import { usualCharactersPerToken } from '../model/context-fit.js';
import { RegenError } from '../model/errors.js';
import { createMask } from '../system/mask.js';
import { readAnswer, retryAtOf } from './embedding-answer.js';

export interface EmbeddingEndpoint {
  /** The whole address. */
  readonly url: string;
  readonly model: string;
  readonly key?: string | undefined;
  /** Numbers of a vector, for models that can be asked for fewer. */
  readonly dimensions?: number | undefined;
}

/** What one request that was answered came to. */
export interface RequestUse {
  readonly tokens: number;
  /** The endpoint doesn't say: as many as the texts may have. */
  readonly isEstimate: boolean;
}

export interface Embeddings {
  /**
   * A vector for each text, in one request, in the order of the texts. At most `mostInputs` of them, none empty.
   *
   * @param paid - told, and waited for, as soon as there is an answer, also for one whose vectors are of no use.
   * @throws RegenError `wait` when the endpoint has no capacity, `environment` when it doesn't answer, refuses, or answers nonsense.
   */
  embed(
    texts: readonly string[],
    paid: (use: RequestUse) => Promise<void>,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]>;
}

/** In one request: what the strictest of the known services takes. */
export const mostInputs = 96;

const requestTimeoutMs = 60_000;

export function createEmbeddings(endpoint: EmbeddingEndpoint, now: () => Date): Embeddings {
  let dimensions = endpoint.dimensions ?? null;
  return {
    async embed(texts, paid, signal) {
      const { response, body } = await post(endpoint, texts, signal);
      if (!response.ok) throw refused(endpoint, { response, body, now: now() });
      const answer = readAnswer(body, texts.length, dimensions);
      const { tokens } = answer;
      if ('flaw' in answer) {
        // Without a count it may be anybody's page, of a server that embeds nothing.
        if (tokens !== null) await paid({ tokens, isEstimate: false });
        throw nonsense(endpoint, answer.flaw);
      }
      await paid({ tokens: tokens ?? estimate(texts), isEstimate: tokens === null });
      dimensions ??= answer.vectors[0]?.length ?? null;
      return answer.vectors;
    },
  };
}

function estimate(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / usualCharactersPerToken);
}

interface Posted {
  readonly response: Response;
  readonly body: string;
}

async function post(
  { url, model, key, dimensions }: EmbeddingEndpoint,
  input: readonly string[],
  signal: AbortSignal,
): Promise<Posted> {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ model, input, ...(dimensions !== undefined && { dimensions }) }),
      // Documents and key go where regen.yaml says, and nowhere else.
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
    });
    return { response, body: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    const why = timeout.aborted ? `not within ${requestTimeoutMs / 1000} s` : causeText(error);
    throw new RegenError('environment', `the embedding endpoint ${shown(url)} doesn’t answer: ${why}`, {
      hint: 'Start it, or correct embeddings.url in regen.yaml; without embeddings the search goes by words alone.',
      cause: error,
    });
  }
}

interface Refused extends Posted {
  readonly now: Date;
}

function refused({ url, model, key }: EmbeddingEndpoint, { response, body, now }: Refused): RegenError {
  const { status } = response;
  const message = `the embedding endpoint ${shown(url)} answers ${status}${excerpt(body, key)}`;
  if (status === 429 || status >= 500) {
    return new RegenError('wait', message, {
      hint: 'Run regen again later: what is embedded already is kept.',
      retryAt: retryAtOf(response.headers.get('retry-after'), now) ?? undefined,
      waitsFor: status === 429 ? 'rate_limit' : 'overloaded',
    });
  }
  const hint =
    status === 401 || status === 403
      ? 'Set the environment variable that embeddings.keyEnv names to a key that may embed.'
      : `Correct embeddings.url or embeddings.model (${model}) in regen.yaml.`;
  return new RegenError('environment', message, { hint });
}

function nonsense({ url, model }: EmbeddingEndpoint, flaw: string): RegenError {
  return new RegenError('environment', `the embedding endpoint ${shown(url)} answers nonsense: ${flaw}`, {
    hint: `See whether embeddings.url speaks OpenAI’s /v1/embeddings and ${model} is a model for embeddings.`,
  });
}

/** Without its query, which may hold a key. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function excerpt(body: string, key: string | undefined): string {
  const line = body.replaceAll(/\s+/g, ' ').trim();
  const masked = createMask({ EMBEDDINGS_API_KEY: key })(line);
  return line === '' ? '' : `: ${masked.slice(0, 200)}`;
}

/** `fetch failed` says nothing; its cause does. */
function causeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.message === '') return causeText(cause.errors[0]);
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
