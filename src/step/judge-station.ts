/** What the line needs of judge/ to have an item scored. */
import type { ItemRef } from '../model/attempt.js';
import type { BaseTree } from '../model/base-tree.js';
import type { FileToOpen } from '../model/file-read.js';
import type { Rubric } from '../model/rubric.js';
import type { Evaluation, Verdict } from '../model/verdict.js';
import type { CheckPlace } from './stations.js';

/** What an item is worth. Asked only by a config that evaluates; the run itself is the agent's. */
export interface Judge {
  /** RegenError `config` naming file and place when the base's rubric can't be used. */
  rubric(ref: ItemRef, tree: BaseTree, signal: AbortSignal): Promise<Rubric>;
  question(facts: JudgeFacts, signal: AbortSignal): Promise<JudgeQuestion>;
  /** What the answer comes to in that review (0 is the first): code adds up, and a flaw means no score at all. */
  judge(rubric: Rubric, answer: unknown, review: number): Judgement;
  /** What a score that was given before is worth in that review. */
  verdict(evaluation: Evaluation, review: number): Verdict;
  /** The next turn of the judge's session, after an answer with flaws. */
  correction(problems: readonly string[]): string;
}

export interface JudgeFacts extends Omit<CheckPlace, 'round'> {
  readonly tree: BaseTree;
  /** The item's files, paths in the worktree. */
  readonly files: readonly string[];
  /** What the plan asks of the item besides its task: hard requirements. */
  readonly changeRequests: readonly string[];
}

export type JudgeQuestion =
  | {
      readonly kind: 'question';
      readonly rubric: Rubric;
      /** The judge's system prompt, equal for every item of a target. */
      readonly prefix: string;
      readonly prefixHash: string;
      readonly message: string;
      /** The JSON Schema of the answer. */
      readonly schema: Readonly<Record<string, unknown>>;
      /** What has to be readable besides the worktree, absolute. */
      readonly folders: readonly string[];
      /** What has to be opened before the answer counts. */
      readonly toOpen: readonly FileToOpen[];
    }
  /** Code decides that, and nobody is asked. */
  | { readonly kind: 'rejected'; readonly evaluation: Evaluation }
  /** Something to be judged isn't there. */
  | { readonly kind: 'incomplete'; readonly reason: string };

export type Judgement =
  | { readonly kind: 'judged'; readonly evaluation: Evaluation }
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };
