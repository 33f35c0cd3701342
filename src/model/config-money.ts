/** The sections of regen.yaml about money: limits, the cache, prices. */
import * as z from 'zod';
import { text, usd } from './config-values.js';

export const budget = z.strictObject({
  itemUsd: usd.optional(),
  targetUsd: usd.optional(),
  dayUsd: usd.optional(),
  itemAttempts: z.int().positive().default(3),
});

const cacheMode = z.enum(['auto', '5m', '1h', 'off']);

const cacheOfModel = z.strictObject({
  mode: cacheMode.optional(),
  minimum: z
    .int()
    .nonnegative()
    .optional()
    .describe('The shortest prefix that the model caches, in tokens, over the built-in table.'),
});

export const cache = z.strictObject({
  mode: cacheMode.default('auto'),
  models: z.record(text, cacheOfModel).default({}),
});

const perMillion = z.number().nonnegative();

const price = z.strictObject({
  input: perMillion,
  output: perMillion,
  cacheRead: perMillion.optional(),
  cacheWrite5m: perMillion.optional(),
  cacheWrite1h: perMillion.optional(),
  from: z.iso
    .date('a date such as 2026-10-07')
    .optional()
    .describe('In force from midnight UTC of this day on; left out: always.'),
  promptOver: z
    .int()
    .nonnegative()
    .optional()
    .describe('In force for requests whose whole prompt, cached or not, has more tokens than this.'),
});

export const prices = z.record(text, z.union([price, z.array(price).min(1)]));
