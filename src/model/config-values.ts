/** What several sections of regen.yaml are made of. */
import * as z from 'zod';
import { durationPattern, parseDuration } from './duration.js';

export const duration = z
  .string()
  .regex(durationPattern, 'a duration such as 30m, 10s or 20h')
  .transform((text) => parseDuration(text) ?? 0);

export const text = z.string().min(1, 'must not be empty');
export const usd = z.number().positive('a positive amount in US dollars');
export const texts = z.array(text);
export const envNames = z.array(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
);
