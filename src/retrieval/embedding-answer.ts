/** What an embedding endpoint's answer comes to. Pure. */
import * as z from 'zod';

const answerSchema = z.object({
  data: z.array(
    z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1, 'an empty vector') }),
  ),
});

const usageSchema = z.object({ usage: z.object({ total_tokens: z.int().nonnegative() }) });

export interface EmbeddingAnswer {
  /** In the order of the inputs. */
  readonly vectors: readonly Float32Array[];
  /** As the endpoint counted them; null: it doesn't say. */
  readonly tokens: number | null;
}

export interface AnswerFlaw {
  /** Goes on from "the embedding endpoint … answers nonsense: ". */
  readonly flaw: string;
  /** It was paid for all the same; null: it doesn't say. */
  readonly tokens: number | null;
}

/** @param dimensions - numbers of a vector; null: not known yet. */
export function readAnswer(
  body: string,
  inputs: number,
  dimensions: number | null,
): EmbeddingAnswer | AnswerFlaw {
  const json = jsonOf(body);
  const tokens = usageSchema.safeParse(json).data?.usage.total_tokens ?? null;
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return { flaw: flawText(parsed.error), tokens };
  const vectors = vectorsIn(parsed.data.data, inputs, dimensions);
  return typeof vectors === 'string' ? { flaw: vectors, tokens } : { vectors, tokens };
}

/** As text: what is wrong with them. */
function vectorsIn(
  data: z.output<typeof answerSchema>['data'],
  inputs: number,
  dimensions: number | null,
): readonly Float32Array[] | string {
  if (data.length !== inputs) return `${data.length} vectors for ${inputs} texts`;
  const sorted = data.toSorted((left, right) => left.index - right.index);
  const wrong = sorted.find(({ index }, at) => index !== at);
  if (wrong !== undefined) return `index ${wrong.index} where every text has one of its own`;
  const wanted = dimensions ?? sorted[0]?.embedding.length ?? 0;
  const odd = sorted.find(({ embedding }) => embedding.length !== wanted);
  if (odd !== undefined) return `a vector of ${odd.embedding.length} numbers among those of ${wanted}`;
  const vectors = sorted.map(({ embedding }) => Float32Array.from(embedding));
  // A double beyond the largest float.
  return vectors.every((vector) => vector.every(Number.isFinite)) ? vectors : 'a number that is too large';
}

/** When to ask again, of `retry-after`: seconds or a date. null: the header is missing, or says neither. */
export function retryAtOf(header: string | null, now: Date): Date | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return new Date(now.getTime() + Number(header) * 1000);
  const date = new Date(header);
  return /[a-z]/i.test(header) && !Number.isNaN(date.getTime()) ? date : null;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function flawText({ issues: [first] }: z.ZodError): string {
  if (first === undefined || first.path.length === 0) return 'no JSON object with "data"';
  return `${first.path.join('.')}: ${first.message}`;
}
