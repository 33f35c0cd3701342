/** What `regen --json` prints, read back by those who run it as a child. Apart from the types: it loads zod. */
import * as z from 'zod';
import { exitStatus } from './errors.js';
import type { ErrorCode } from './errors.js';
import type { StepResult } from './step-result.js';
import { usageSchema } from './usage-schema.js';

/** What is read of a step's document. */
export type ReadStep = Pick<
  StepResult,
  | 'mode'
  | 'target'
  | 'item'
  | 'outcome'
  | 'reason'
  | 'pr'
  | 'usage'
  | 'durationMs'
  | 'remaining'
  | 'retryAt'
  | 'evidence'
  | 'items'
>;

const outcome = z.enum([
  ...(['planned', 'shipped', 'unchanged', 'failed'] as const),
  ...(['skipped', 'waiting', 'archived', 'nothing'] as const),
]);

const pr = z.object({ number: z.number(), url: z.string(), branch: z.string() }).nullable();

/** Journals of packs keep them so as well. */
export const packedItemSchema = z.object({ id: z.string(), outcome, reason: z.string().nullable(), pr });

export const stepDocument: z.ZodType<ReadStep> = z.object({
  mode: z.enum(['plan', 'execute', 'done']),
  target: z.string().nullable(),
  item: z.string().nullable(),
  outcome,
  reason: z.string().nullable(),
  pr,
  usage: usageSchema,
  durationMs: z.number(),
  remaining: z.number().nullable(),
  retryAt: z.string().nullable(),
  evidence: z
    .looseObject({ log: z.string(), lines: z.array(z.string()), next: z.string() })
    .nullable()
    .default(null),
  items: z.array(packedItemSchema).exactOptional(),
});

const errorCodes = Object.keys(exitStatus) as ErrorCode[]; // keys of a record over ErrorCode

/** What is printed when no step came to a result. */
export const errorDocument = z.object({
  error: z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.string().nullish() }),
  retryAt: z.iso.datetime().nullish(),
});
