/** Change requests as a session hands them in. Loaded only by what reads some. */
import * as z from 'zod';
import { RegenError } from './errors.js';
import type { NewChangeRequest } from './plan.js';

/** A sentence: the plan cuts longer ones. */
const longest = 500;

const schema = z.array(
  z.strictObject({
    item: z.string().min(1, 'must not be empty'),
    text: z.string().max(longest, `has more than ${longest} characters`),
  }),
);

/** @throws RegenError `usage` that names the entry. */
export function parseChangeRequests(data: unknown): readonly NewChangeRequest[] {
  if (data === undefined || data === null) {
    throw new RegenError('usage', 'there are no change requests on standard input', {
      hint: 'Nothing was written. "[]" says that there are none to be made.',
    });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [index, ...rest] = issue?.path ?? [];
  const at = index === undefined ? '' : `${[`[${String(index)}]`, ...rest.map(String)].join('.')}: `;
  throw new RegenError('usage', `the change requests can't be used: ${at}${issue?.message ?? ''}`, {
    hint: 'Nothing was written. They are a JSON array: [{"item": "altair", "text": "one sentence"}]',
    cause: parsed.error,
  });
}
