/** What several sections of regen.yaml are made of. */
import * as z from 'zod';
import { durationPattern, parseDuration } from './duration.js';

/** Of setTimeout, in ms: beyond it a timer ends at once. */
const longestMs = 2 ** 31 - 1;

const durationText = z
  .string()
  .regex(durationPattern, 'a duration such as 30m, 10s or 20h')
  .refine((text) => (parseDuration(text) ?? 1) <= longestMs, {
    error: ({ input }) => `${JSON.stringify(input)} is more than a timer can wait; write 24d at most`,
  });

export const duration = durationText.transform((text) => parseDuration(text) ?? 0);

/** One that nothing could be done in is a mistake: a limit of 0 is no way to say that there is none. */
export const timeSpan = durationText
  .refine((text) => (parseDuration(text) ?? 1) >= 1, {
    error: ({ input }) =>
      `${JSON.stringify(input)} leaves no time at all; write a longer one, such as 30s or 10m`,
  })
  .transform((text) => parseDuration(text) ?? 0);

/**
 * regen.yaml is committed: an address in it holds no password.
 *
 * @param instead - where a key belongs, after "use".
 */
export const httpUrl = (instead: string) =>
  z
    .url({ protocol: /^https?$/, error: 'an http or https URL' })
    .refine((url) => !holdsPassword(url), `must not hold a user or password; use ${instead}`);

function holdsPassword(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username !== '' || password !== '';
}

export const text = z.string().min(1, 'must not be empty');
export const usd = z.number().positive('a positive amount in US dollars');
export const texts = z.array(text);
export const envNames = z.array(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
);
