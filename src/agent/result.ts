/** The stream's last word: `{"type":"result", …}`. Several can come in one run, and the last one counts. */
import * as z from 'zod';
import type { TokenCounts } from '../model/usage.js';

/** What the binary says of the run. Each field alone lies; outcome.ts knows the rule. */
export interface RunResult {
  readonly subtype: string;
  readonly isError: boolean;
  readonly text: string;
  readonly structured: unknown;
  readonly apiStatus: number | null;
  readonly stopReason: string | null;
  readonly terminalReason: string | null;
  readonly turns: number;
  readonly costUsd: number | null;
  readonly permissionDenials: number;
  readonly errors: readonly string[];
  /** What the binary counted, by model; the 1-hour part of what was written isn't told apart. */
  readonly modelUsage: Readonly<Record<string, TokenCounts>>;
}

const text = z.string().catch('');
const optionalText = z.string().nullish().catch(null);
const optionalNumber = z.number().nullish().catch(null);

const modelUsage = z
  .record(
    z.string(),
    z
      .object({
        inputTokens: optionalNumber,
        outputTokens: optionalNumber,
        cacheReadInputTokens: optionalNumber,
        cacheCreationInputTokens: optionalNumber,
      })
      .transform((usage): TokenCounts => ({
        input: usage.inputTokens ?? 0,
        output: usage.outputTokens ?? 0,
        cacheRead: usage.cacheReadInputTokens ?? 0,
        cacheWrite5m: usage.cacheCreationInputTokens ?? 0,
        cacheWrite1h: 0,
      })),
  )
  .catch({});

export const resultSchema = z
  .object({
    type: z.literal('result'),
    subtype: text,
    is_error: z.boolean().catch(true),
    result: text,
    structured_output: z.unknown().optional(),
    api_error_status: optionalNumber,
    stop_reason: optionalText,
    terminal_reason: optionalText,
    num_turns: z.number().catch(0),
    total_cost_usd: optionalNumber,
    permission_denials: z.array(z.unknown()).catch([]),
    errors: z.array(z.string()).catch([]),
    modelUsage,
  })
  .transform((raw): RunResult => ({
    subtype: raw.subtype,
    isError: raw.is_error,
    text: raw.result,
    structured: raw.structured_output,
    apiStatus: raw.api_error_status ?? null,
    stopReason: raw.stop_reason ?? null,
    terminalReason: raw.terminal_reason ?? null,
    turns: raw.num_turns,
    costUsd: raw.total_cost_usd ?? null,
    permissionDenials: raw.permission_denials.length,
    errors: raw.errors,
    modelUsage: raw.modelUsage,
  }));
