/** What a schema has against a value, in words. Pure. */
import * as z from 'zod';

const place = z.union([z.string(), z.number()]);
const failedSchema = z.object({
  issues: z.array(z.object({ path: z.array(place), message: z.string(), code: z.string() })).min(1),
});

/** The first of a schema's complaints, whichever copy of zod made it, as `place: complaint`; null: the error is another. */
export function firstIssue(error: unknown): string | null {
  const [issue] = failedSchema.safeParse(error).data?.issues ?? [];
  if (issue === undefined) return null;
  const { code, message, path } = issue;
  // All that it could have been is a page of its own.
  const words = code === 'invalid_union' ? 'it is of no kind that is known' : lowerFirst(message);
  const where = path.map((key, index) =>
    typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`,
  );
  return where.length === 0 ? words : `${where.join('')}: ${words}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
