/** The edge between a step's process and the run: its exit and the one document that it prints. */
import type { ErrorCode } from '../model/errors.js';
import { errorDocument, stepDocument } from '../model/step-document.js';
import type { ReadStep } from '../model/step-document.js';

/** `document` is what the step printed, as it is. */
export type StepEnd =
  | { readonly kind: 'step'; readonly result: ReadStep; readonly document: unknown }
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
