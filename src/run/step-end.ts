/** The edge between a step's process and the run: its exit and the one document that it prints. */
import * as z from 'zod';
import { exitStatus } from '../model/errors.js';
import type { ErrorCode } from '../model/errors.js';
import type { StepResult } from '../model/step-result.js';
import { usageSchema } from '../model/usage-schema.js';

/** What a run reads of a step's document. */
export type RunStep = Pick<
  StepResult,
  'target' | 'item' | 'outcome' | 'reason' | 'pr' | 'usage' | 'durationMs' | 'remaining' | 'retryAt'
>;

/** `document` is what the step printed, as it is. */
export type StepEnd =
  | { readonly kind: 'step'; readonly result: RunStep; readonly document: unknown }
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      readonly reason: string;
      readonly retryAt: Date | null;
      readonly document: unknown;
    }
  | { readonly kind: 'killed'; readonly signal: string };

export interface StepExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the process came to. */
export function readStepEnd(exit: StepExit): StepEnd {
  if (exit.signal !== null) return { kind: 'killed', signal: exit.signal };
  const document = parseJson(exit.stdout);
  const step = stepDocument.safeParse(document);
  if (step.success) return { kind: 'step', result: step.data, document };
  const problem = errorDocument.safeParse(document);
  if (!problem.success) return noDocument(exit);
  const { error, retryAt } = problem.data;
  const reason = error.hint == null ? error.message : `${error.message.replace(/\.$/, '')}. ${error.hint}`;
  return {
    kind: 'error',
    code: error.code,
    reason,
    retryAt: retryAt == null ? null : new Date(retryAt),
    document,
  };
}

const stepDocument: z.ZodType<RunStep> = z.object({
  target: z.string().nullable(),
  item: z.string().nullable(),
  outcome: z.enum(['planned', 'shipped', 'unchanged', 'failed', 'skipped', 'waiting', 'archived', 'nothing']),
  reason: z.string().nullable(),
  pr: z.object({ number: z.number(), url: z.string(), branch: z.string() }).nullable(),
  usage: usageSchema,
  durationMs: z.number(),
  remaining: z.number().nullable(),
  retryAt: z.string().nullable(),
  evidence: z
    .looseObject({ log: z.string(), lines: z.array(z.string()), next: z.string() })
    .nullable()
    .default(null),
});

const errorCodes = Object.keys(exitStatus) as ErrorCode[]; // keys of a record over ErrorCode

const errorDocument = z.object({
  error: z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.string().nullish() }),
  retryAt: z.iso.datetime().nullish(),
});

function noDocument({ code, stdout, stderr }: StepExit): StepEnd {
  const said = (stderr.trim() || stdout.trim() || 'it said nothing').slice(-1000);
  const reason = `a step exited with ${String(code)} and printed no document: ${said}`;
  return { kind: 'error', code: 'bug', reason, retryAt: null, document: null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
