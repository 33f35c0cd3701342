/** What plan mode needs of audit/: which items look like copies, and what a model makes of it. */
import type { BaseTree } from '../model/base-tree.js';
import type { NewChangeRequest } from '../model/plan.js';

/** Asked only by a config with `audit`; the run itself is the agent's. */
export interface Audit {
  /** Groups of items whose files share more than the specification dictates. Code decides, and nobody is asked. */
  candidates(facts: AuditFacts, signal: AbortSignal): Promise<AuditFindings>;
  question(findings: AuditFindings): AuditQuestion;
  /** What the answer comes to; an entry that fits no cluster is dropped with a warning. */
  judge(findings: AuditFindings, answer: unknown): AuditJudgement;
  /** The next turn of the session, after an answer that can't be used as a whole. */
  correction(problems: readonly string[]): string;
}

export interface AuditFacts {
  readonly target: string;
  /** In the plan's order. */
  readonly items: readonly AuditedItem[];
  readonly tree: BaseTree;
}

export interface AuditedItem {
  readonly id: string;
  /** Whether the plan has it done: one that is skipped is compared, and can't be asked for a change. */
  readonly isTodo: boolean;
}

export interface AuditFindings {
  readonly target: string;
  /** What the specification says: texts of prompt.static and prompt.target that are in the base. */
  readonly dictated: readonly AuditText[];
  readonly clusters: readonly CopyCluster[];
}

export interface AuditText {
  readonly path: string;
  readonly text: string;
}

/** Two items or more that may be copies of each other. */
export interface CopyCluster {
  /** `C1`, `C2`, …: how the answer names it. */
  readonly id: string;
  /** In the plan's order. */
  readonly items: readonly string[];
  /** Those of them that are to be done, one at least: only of these a change can be asked. */
  readonly todo: readonly string[];
  /** The last of them that is to be done: a change is asked of it. */
  readonly later: string;
  readonly files: readonly (AuditText & { readonly item: string })[];
  /** What they share, a line each. */
  readonly evidence: readonly string[];
}

export interface AuditQuestion {
  /** The system prompt, equal for every target as long as rules and static texts are. */
  readonly prefix: string;
  readonly prefixHash: string;
  readonly message: string;
  /** The JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export type AuditJudgement =
  | {
      readonly kind: 'judged';
      readonly requests: readonly NewChangeRequest[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };
