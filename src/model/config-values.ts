/** What several sections of regen.yaml are made of. */
import * as z from 'zod';
import { durationPattern, parseDuration } from './duration.js';

/** Of setTimeout, in ms: beyond it a timer ends at once. */
const longestMs = 2 ** 31 - 1;

export const duration = z
  .string()
  .regex(durationPattern, 'a duration such as 30m, 10s or 20h')
  .refine((text) => (parseDuration(text) ?? 1) <= longestMs, {
    error: ({ input }) => `${JSON.stringify(input)} is more than a timer can wait; write 24d at most`,
  })
  .transform((text) => parseDuration(text) ?? 0);

export const text = z.string().min(1, 'must not be empty');
export const usd = z.number().positive('a positive amount in US dollars');
export const texts = z.array(text);
export const envNames = z.array(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
);
