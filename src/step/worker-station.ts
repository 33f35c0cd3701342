/** What the line needs of worker/ and blocks/: many small items in one call of a model. */
import type { BatchResult, BatchState, SubmittedBatch } from '../model/batch.js';
import type { Applied, SplitFile } from '../model/block.js';
import type { Agent } from './stations.js';

/** worker/: the provider's API. Made when a pack is first worked on. */
export interface Worker {
  /** The model, in the shape of any agent: a run is one call, or one loop of calls with tools. */
  readonly model: Agent;
  readonly batches: Batches;
  /** The JSON Schema of every answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Tokens of a prefix and the schema, as the API counts them; null: it doesn't. */
  countPrefix(
    prefix: { readonly model: string; readonly parts: readonly string[] },
    signal: AbortSignal,
  ): Promise<number | null>;
  /** Tokens of the definitions of all tools, at the most: every request has them. 0 where there are none. */
  toolTokens(signal: AbortSignal): Promise<number>;
  limits(budget: CallBudget, count: number): PackLimits;
  /** As few packs as the order allows, and as even. */
  pack<Item extends Packable>(items: readonly Item[], limits: PackLimits): readonly (readonly Item[])[];
  /** How many tokens a text takes, drawn from the answers so far. */
  calibrate(samples: readonly CallSample[]): TokenScale;
  /** The answer's entries; a sentence when there are none to be had. */
  read(text: { readonly structured: unknown; readonly cut: string | null }): PackAnswer;
  /** What an answer comes to. */
  settle<Item extends AnsweredItem>(
    pack: readonly Item[],
    answer: PackAnswer,
    judgement: Judgement<Item>,
  ): Settled<Item>;
  /** The file with each result in its block's place. */
  apply(file: SplitFile, results: ReadonlyMap<string, string>): Promise<Applied>;
}

/** In tokens. */
export interface CallBudget {
  readonly window: number;
  readonly system: number;
  readonly tools: number;
  readonly maxOutput: number;
}

export interface Packable {
  readonly input: number;
  readonly output: number;
}

export interface PackLimits extends Packable {
  readonly count: number;
}

export interface CallSample {
  readonly characters: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface TokenScale {
  readonly charactersPerToken: number;
  readonly outputPerInput: number;
}

export interface AnsweredItem {
  readonly id: string;
}

export type PackAnswer =
  | {
      readonly kind: 'answered';
      readonly results: readonly { readonly id: string; readonly result: unknown }[];
    }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface Judgement<Item> {
  readonly flawOf: (item: Item, result: unknown) => string | null;
  readonly hasFailedAlone: (item: Item) => boolean;
}

export interface Settled<Item> {
  readonly good: readonly { readonly item: Item; readonly result: unknown }[];
  readonly again: readonly (readonly Item[])[];
  readonly failed: readonly { readonly item: Item; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** worker/: the Message Batches of the API. */
export interface Batches {
  /** Returns the batch's id. What the API refuses is thrown as a RegenError. */
  submit(requests: readonly BatchRequest[], signal: AbortSignal): Promise<SubmittedBatch>;
  /** Batches made since then that have as many requests, newest first: one of them may be ours. */
  find(
    like: { readonly since: Date; readonly requests: number },
    signal: AbortSignal,
  ): Promise<readonly SubmittedBatch[]>;
  state(id: string, signal: AbortSignal): Promise<BatchState>;
  /** Ends it before its time: what was answered by then is paid for. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
  /** Calls for each result, in whatever order they come. */
  results(id: string, each: (result: BatchResult) => Promise<void>, signal: AbortSignal): Promise<void>;
}

export interface BatchRequest {
  /** Letters, digits, `_` and `-`, 64 at most; no other request of the batch has it. */
  readonly customId: string;
  readonly model: string;
  readonly parts: readonly string[];
  readonly message: string;
  readonly ttl: '5m' | '1h' | 'off';
}
