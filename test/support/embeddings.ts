/** An embeddings endpoint on loopback: texts that share words, or synonyms of a table, have vectors close to each other. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

/** What happens to one request instead of a proper answer. */
export type EmbeddingFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Every vector has so many numbers. */
  | { readonly kind: 'dimensions'; readonly dimensions: number }
  /** The last text gets no vector. */
  | { readonly kind: 'missing' }
  /** A 200 whose body is no JSON. */
  | { readonly kind: 'no-json' }
  /** The connection is closed without an answer. */
  | { readonly kind: 'disconnect' };

export interface EmbeddingsRequest {
  readonly model: string;
  readonly input: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface EmbeddingsOptions {
  /** Words that count as one: `{ colour: 'hue' }`. Inflections follow. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Asked per request, `number` from 1; null: answered properly. */
  readonly fault?: (call: EmbeddingsRequest & { readonly number: number }) => EmbeddingFault | null;
  /** In which order the vectors stand in `data`; `index` says whose each is. Default: given. */
  readonly order?: 'given' | 'reversed';
}

/** `await using` closes it. */
export interface Embeddings extends AsyncDisposable {
  /** `http://127.0.0.1:…`, without `/v1/embeddings`. */
  readonly url: string;
  /** Everything that was asked, faults included. */
  readonly requests: readonly EmbeddingsRequest[];
}

/** Numbers of a vector. */
export const embeddingDimensions = 64;

/** Listens on a free port of 127.0.0.1. */
export async function startEmbeddings(options: EmbeddingsOptions = {}): Promise<Embeddings> {
  const requests: EmbeddingsRequest[] = [];
  const server = createServer((incoming, response) => {
    answer(incoming, { options, requests }).then(
      (reply) => {
        if (reply === null) response.destroy();
        else response.writeHead(reply.status, reply.headers).end(reply.body);
      },
      () => response.destroy(), // a client that left in the middle
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The vector that the endpoint gives a text: how often each of its stems occurs, hashed, of length 1. */
export function embed(content: string, synonyms: Readonly<Record<string, string>> = {}): number[] {
  const canonical = new Map(Object.entries(synonyms).map(([word, same]) => [stem(word), stem(same)]));
  const words = content.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !stopWords.has(word));
  const vector = Array.from({ length: embeddingDimensions }, () => 0);
  for (const word of telling.length > 0 ? telling : [content]) {
    const own = stem(word);
    // Two places each: words that meet at one of them still differ at the other.
    const code = hash(canonical.get(own) ?? own);
    for (const place of [code, code >>> 16].map((part) => part % embeddingDimensions)) {
      vector[place] = (vector[place] ?? 0) + 1;
    }
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Serving {
  readonly options: EmbeddingsOptions;
  readonly requests: EmbeddingsRequest[];
}

const requestBody = z.object({
  model: z.string().min(1),
  input: z
    .union([z.string().transform((only) => [only]), z.array(z.string())])
    .pipe(z.array(z.string().min(1, 'input cannot be an empty string')).min(1)),
});

/** Null: no answer. */
async function answer(incoming: IncomingMessage, { options, requests }: Serving): Promise<Reply | null> {
  if (incoming.method !== 'POST' || incoming.url !== '/v1/embeddings') return failure(404, 'not found');
  const body = requestBody.safeParse(parseJson(await text(incoming)));
  if (!body.success) return failure(400, z.prettifyError(body.error));
  const request = { ...body.data, headers: incoming.headers };
  requests.push(request);
  const fault = options.fault?.({ ...request, number: requests.length }) ?? null;
  switch (fault?.kind) {
    case 'status':
      return failure(fault.status, `scripted ${fault.status}`, fault.headers);
    case 'no-json':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>gateway</html>' };
    case 'disconnect':
      return null;
    default:
      return success(request, options, fault);
  }
}

function success(
  { model, input }: EmbeddingsRequest,
  options: EmbeddingsOptions,
  fault: Extract<EmbeddingFault, { kind: 'dimensions' | 'missing' }> | null | undefined,
): Reply {
  const data = input.map((one, index) => {
    const embedding = embed(one, options.synonyms);
    return { object: 'embedding', index, embedding: resized(embedding, fault) };
  });
  const kept = fault?.kind === 'missing' ? data.slice(0, -1) : data;
  const tokens = input.reduce((sum, one) => sum + Math.ceil(one.length / 4), 0);
  const body = {
    object: 'list',
    model,
    data: options.order === 'reversed' ? kept.toReversed() : kept,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function resized(embedding: readonly number[], fault: EmbeddingFault | null | undefined): readonly number[] {
  if (fault?.kind !== 'dimensions') return embedding;
  return Array.from({ length: fault.dimensions }, (_, place) => embedding[place] ?? 0);
}

function failure(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error: { message, type: 'error', code: null } }),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const stopWords = new Set([
  ...[
    'a',
    'an',
    'and',
    'are',
    'as',
    'at',
    'be',
    'by',
    'do',
    'does',
    'for',
    'from',
    'has',
    'have',
    'how',
    'in',
    'is',
  ],
  ...['it', 'its', 'of', 'on', 'or', 'that', 'the', 'this', 'to', 'was', 'what', 'when', 'which', 'with'],
]);

/** Enough of English to take inflections together: plots, plotted and plotting are plot. */
function stem(word: string): string {
  const lower = word.toLowerCase();
  const bare = lower.replace(/(?<=\p{L}{3})(?:ings?|ed|ies|es|s|ly|y|e)$/u, '');
  return bare.replace(/([^aeiou])\1$/u, '$1');
}

/** FNV-1a, 32 bits. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(word)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
