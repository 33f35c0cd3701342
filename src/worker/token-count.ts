/** The API's count of a prompt. Pure. */
import * as z from 'zod';
import { readAs } from './unreadable.js';

const countSchema = z.object({ input_tokens: z.int().positive() });

/** @throws UnreadableAnswer when it is none. */
export function countOf(answer: unknown): number {
  return readAs(countSchema, answer, 'a count of tokens').input_tokens;
}
