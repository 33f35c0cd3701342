/** What the plan's log says of an attempt. */
import { formatUsage } from '../model/format.js';
import { formatInstant } from '../model/instant.js';
import type { Evidence } from '../model/step-result.js';
import type { Usage } from '../model/usage.js';
import type { Evaluation } from '../model/verdict.js';
import type { AttemptEnd } from './position.js';
import type { Shipped } from './stages/shipped-data.js';

interface LogFacts {
  readonly end: AttemptEnd;
  readonly shipped: Shipped;
  /** null: nothing was evaluated. */
  readonly evaluation: Evaluation | null;
  readonly usage: Usage;
  readonly at: Date;
  /** What else was shipped with it; left out or null: nothing. */
  readonly company?: string | null;
  /** Of a failure. */
  readonly evidence: Evidence | null;
}

/** `PR https://…, score 88, label ai-approved, verdict APPROVED, 41.2k tokens, $0.31 (2026-05-02T14:02:11Z)` */
export function logLine({ end, shipped, evaluation, usage, at, evidence, company = null }: LogFacts): string {
  const instant = formatInstant(at);
  const line = (...parts: readonly string[]) => `${parts.join(', ')} (${instant})`;
  switch (end.kind) {
    case 'shipped':
      return line(
        whereShipped(shipped),
        ...(company === null ? [] : [company]),
        ...score(evaluation),
        ...labels(shipped),
        ...verdict(evaluation),
        ...alsoChanged(shipped),
        formatUsage(usage),
      );
    case 'failed':
      return `FAILED: ${end.reason}${whereToLook(evidence)} (${instant})`;
    case 'skipped':
      return `skipped: ${end.reason} (${instant})`;
    case 'unchanged':
      return line(
        `unchanged: ${end.reason}`,
        ...score(evaluation),
        ...verdict(evaluation),
        formatUsage(usage),
      );
    case 'stopped':
      return `stopped: ${end.reason}; ${formatUsage(usage)} (${instant})`;
  }
}

function whereToLook(evidence: Evidence | null): string {
  return evidence === null ? '' : `; log ${evidence.log}; next: ${evidence.next}`;
}

/** The reason alone, of what the log says of a failure. */
export function withoutEvidence(text: string): string {
  return evidenceIn.exec(text)?.[1] ?? text;
}

/** Where the whole log of a failure is; null when it isn't told. */
export function logOf(text: string): string | null {
  return evidenceIn.exec(text)?.[2] ?? null;
}

const evidenceIn = /^(.*?); log (\S+); next: [^;]*$/;

function whereShipped({ pr, merged, branch, sha }: Shipped): string {
  if (pr !== undefined) return `PR ${pr.url}${merged ? ' (merged)' : ''}`;
  return `branch ${branch ?? 'unknown'} at ${(sha ?? '').slice(0, 7)}`;
}

function score(evaluation: Evaluation | null): string[] {
  return evaluation === null ? [] : [`score ${evaluation.score}`];
}

function verdict(evaluation: Evaluation | null): string[] {
  return evaluation === null ? [] : [`verdict ${evaluation.verdict}`];
}

function labels(shipped: Shipped): string[] {
  return shipped.labels.length === 0 ? [] : [`label ${shipped.labels.join(' ')}`];
}

function alsoChanged({ targetFiles }: Shipped): string[] {
  return targetFiles.length === 0 ? [] : [`also changes ${targetFiles.join(' ')}`];
}
