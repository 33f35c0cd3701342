/** What the line needs of ship/. */
import type { ItemRef } from '../model/attempt.js';
import type { FoundPullRequest, PullRequest } from '../model/forge.js';
import type { TokenTable } from '../model/token-table.js';

/** ship/: the forge. Absent unless `ship.to: github`. */
export interface Forge {
  /** Our open pull requests by target. */
  openByTarget(signal: AbortSignal): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Which pull request is the attempt's, or was made for the same branch by an earlier attempt of ours. */
  find(query: PullRequestQuery, signal: AbortSignal): Promise<FoundPullRequest | null>;
  create(draft: PullRequestDraft, signal: AbortSignal): Promise<PullRequest>;
  update(number: number, draft: PullRequestDraft, signal: AbortSignal): Promise<PullRequest>;
  /** Replaces the body and nothing else. */
  setBody(number: number, body: string, signal: AbortSignal): Promise<void>;
  /** Makes the label known to the repository if need be, then adds it to the pull request. */
  addLabel(number: number, label: string, signal: AbortSignal): Promise<void>;
  /** Takes the label off the pull request; one that isn't there any more is as good as removed. */
  removeLabel(number: number, label: string, signal: AbortSignal): Promise<void>;
  labels(number: number, signal: AbortSignal): Promise<readonly string[]>;
  /** RegenError `environment` when the token is missing or refused. */
  ensureAccess(signal: AbortSignal): Promise<void>;
}

export interface PullRequestQuery {
  readonly branch: string;
  readonly headSha: string;
  readonly attempt: string;
  /** UUIDs of our earlier attempts at the item, from the journals. */
  readonly earlier: readonly string[];
  /** A number from the journal: that one and no other. */
  readonly number: number | null;
}

export interface PullRequestDraft {
  readonly branch: string;
  /** The branch it is to be merged into. */
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** ship/: title, body and labels. Pure. */
export interface ShipTexts {
  branch(ref: ItemRef): string;
  title(titled: ItemRef & Partial<Pick<ShipFacts, 'score' | 'breakdown'>>): string;
  draft(facts: ShipFacts): PullRequestDraft;
  labels(facts: ShipFacts): readonly string[];
  /** The token table between its markers, as a body holds it. */
  tokens(table: TokenTable): string;
  /** The body with the table brought up to date. */
  withTokens(body: string, table: TokenTable): TokensChange;
}

/**
 * `same`: the body says it already. `absent`: a person took the table out, and it stays out. `broken`: a person left one
 * of its markers only, and nobody knows what is ours.
 */
export type TokensChange =
  { readonly kind: 'replaced'; readonly body: string } | { readonly kind: 'same' | 'absent' | 'broken' };

export interface ShipFacts extends ItemRef {
  readonly attempt: string;
  readonly score: number | null;
  readonly breakdown: string | null;
  readonly parentIssue: string | null;
  readonly changeRequests: readonly string[];
  /** Of what a pack ships: the items that it is made for; else empty. */
  readonly items: readonly string[];
  /** Changed files that belong to the target, not to the item. */
  readonly targetFiles: readonly string[];
  /** What a reviewer should know of the checks, a line each: flaky tests, what fails at the base too. */
  readonly checkNotes: readonly string[];
  readonly date: Date;
  /** What it took so far; null: no table. */
  readonly tokens: TokenTable | null;
}
