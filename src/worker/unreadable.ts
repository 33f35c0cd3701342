/** What the API sends is believed only as far as it has the shape that is told of it. */
import type * as z from 'zod';
import { firstIssue } from './issue-text.js';

/** An answer that came, and says nothing that can be read: the same question may be answered better later. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/**
 * @param what - what it should be, for the message: "a batch".
 * @throws UnreadableAnswer when it has another shape.
 */
export function readAs<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const seen = typeof answer === 'object' ? firstIssue(parsed.error) : 'it is no JSON object';
  throw new UnreadableAnswer(`it isn’t ${what}: ${seen ?? 'it has another shape'}`, { cause: parsed.error });
}
