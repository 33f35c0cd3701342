/** The shape of a document's `usage`, for whoever reads what another regen printed. Apart from the type: it loads zod. */
import * as z from 'zod';
import type { Usage } from './usage.js';

export const usageSchema: z.ZodType<Usage> = z.object({
  requests: z.number(),
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  costUsd: z.number().nullable(),
});
