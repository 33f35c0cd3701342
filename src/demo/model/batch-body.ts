/** The body of `POST /v1/messages/batches`: what the API refuses at once. What is wrong with a message shows in its result. */
import * as z from 'zod';

export interface BatchRequest {
  readonly customId: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type BatchBody =
  | { readonly kind: 'requests'; readonly requests: readonly BatchRequest[] }
  | { readonly kind: 'refused'; readonly reason: string };

const mostRequests = 100_000;

const request = z
  .object({
    custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'should match ^[a-zA-Z0-9_-]{1,64}$'),
    params: z.looseObject({
      stream: z.literal(false, 'streaming is not supported in a batch').optional(),
      max_tokens: z.number().min(1, 'should be at least 1 in a batch').optional(),
    }),
  })
  .transform(({ custom_id: customId, params }): BatchRequest => ({ customId, params }));

const batchBody = z.object({ requests: z.array(request).min(1).max(mostRequests) });

export function parseBatchBody(bytes: Buffer): BatchBody {
  const parsed = batchBody.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { kind: 'refused', reason: `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}` };
  }
  const { requests } = parsed.data;
  const twice = firstTwice(requests.map(({ customId }) => customId));
  if (twice === null) return { kind: 'requests', requests };
  return { kind: 'refused', reason: `requests: custom_id must be unique, and "${twice}" is there twice` };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

function firstTwice(ids: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return null;
}
