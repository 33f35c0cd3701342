/** What `regen prompt` tells of a prompt before anybody pays for it. Characters are UTF-16 units, tokens are estimates. */
import type { CacheMinimum } from './cache-minimum.js';
import type { Ttl } from './cache-mode.js';
import type { ContextFit } from './context-fit.js';
import type { FilePromptReport } from './prompt-file-report.js';
import type { ExpectedRequests, TokenScale } from './prompt-scale.js';
import type { WireReport } from './prompt-wire-report.js';
import type { Layer } from './prompt.js';
import type { TokenCounts } from './usage.js';

/** Money of the prompt alone: what a conversation adds to it, and answers, come on top. null: no price. */
export interface PromptCost {
  /** Whose prices these are, and of which day. */
  readonly model: string;
  readonly asOf: string;
  readonly ttl: Ttl;
  readonly minimum: CacheMinimum;
  /** `shared`: the prefix is read by later items; `own`: only within an item's session; `none`: too short, or off. */
  readonly reach: 'shared' | 'own' | 'none';
  readonly perRequest: {
    readonly uncached: number | null;
    /** The first of all writes everything. */
    readonly first: number | null;
    /** The first of a later item writes what is its own. */
    readonly firstOfLater: number | null;
    /** Reads everything. */
    readonly following: number | null;
  };
  readonly plan: {
    readonly items: number;
    readonly requests: number;
    readonly uncached: number | null;
    readonly cached: number | null;
    readonly tokens: Omit<TokenCounts, 'output'>;
  };
}

export interface SegmentReport {
  readonly layer: Layer;
  readonly source: string;
  readonly characters: number;
  readonly tokens: number;
  /** Of our own texts, 0 to 1. */
  readonly share: number;
}

/** A segment that is equal wherever it is sent, and could be shared more widely than its layer is. */
export interface Move {
  readonly source: string;
  readonly from: Layer;
  readonly to: 'target' | 'static';
  readonly tokens: number;
  /** How many items, or targets, it was compared over. */
  readonly equalFor: number;
  /** US dollars for the items that are left; null: no price. */
  readonly savingUsd: number | null;
  /** What the saving hangs on; null: nothing. */
  readonly condition: string | null;
}

/** A place in the prefix that isn't as widely shared as its layer says. */
export interface Break {
  readonly source: string;
  readonly layer: Layer;
  /** In the segment's own text; null: all of it. */
  readonly line: number | null;
  /** `differs`: it isn't the same for every item of the target; `names`: this target or item alone, and no other. */
  readonly kind: 'differs' | 'placeholder' | 'names target' | 'names item';
  /** The words in question. */
  readonly text: string;
}

export interface ItemPromptReport {
  readonly kind: 'item';
  readonly target: string;
  readonly item: string;
  /** The commit that everything was read from. */
  readonly base: string;
  readonly model: string;
  readonly profile: 'lean' | 'standard' | 'custom';
  readonly scale: TokenScale;
  readonly segments: readonly SegmentReport[];
  /** What Claude Code adds, see model/boilerplate.ts. */
  readonly boilerplate: { readonly prefixTokens: number; readonly messageTokens: number };
  readonly prefix: {
    readonly characters: number;
    readonly tokens: number;
    /** SHA-256, as the ledger has it. */
    readonly hash: string;
    /** The segment that it ends with; null: it is empty. */
    readonly endsWith: string | null;
    /** Items of the target whose prefix was built and is the same, this one included. */
    readonly sharedBy: number;
    readonly comparedWith: number;
  };
  readonly message: { readonly characters: number; readonly tokens: number };
  readonly requests: ExpectedRequests;
  readonly cost: PromptCost;
  readonly moves: readonly Move[];
  readonly breaks: readonly Break[];
  readonly context: ContextFit | null;
  readonly wire: WireReport | null;
}

/** A call of the worker about several items. Characters and tokens as everywhere here. */
export interface PackPromptReport {
  readonly kind: 'pack';
  readonly target: string;
  readonly items: readonly string[];
  readonly base: string;
  readonly model: string;
  readonly scale: TokenScale;
  readonly segments: readonly SegmentReport[];
  readonly prefix: {
    readonly characters: number;
    readonly tokens: number;
    /** Whether the tokens are what calls were billed for it, the answer's schema included. */
    readonly isMeasured: boolean;
    /** SHA-256, as the ledger has it. */
    readonly hash: string;
    /** Each is cached by itself, the more widely shared one first: the segment that it ends with. */
    readonly parts: readonly {
      readonly endsWith: string | null;
      readonly characters: number;
      readonly tokens: number;
    }[];
  };
  readonly message: { readonly characters: number; readonly tokens: number };
  /** What the answer is expected to take. */
  readonly answer: { readonly tokens: number };
  readonly cost: PackCost;
  readonly wire: WireReport | null;
}

/** Prompts alone, as for an item; the answers stand apart, since they are as long however the items are packed. */
export interface PackCost {
  readonly model: string;
  readonly asOf: string;
  readonly ttl: Ttl;
  readonly minimum: CacheMinimum;
  readonly isCached: boolean;
  /** Half the price: through a batch. */
  readonly isBatch: boolean;
  readonly perCall: {
    readonly uncached: number | null;
    /** Writes the prefix. */
    readonly first: number | null;
    /** Reads it. */
    readonly following: number | null;
  };
  /** The items that are to be asked about, as packs and one by one. */
  readonly plan: {
    readonly items: number;
    readonly packs: CallsCost;
    readonly singles: CallsCost;
    readonly answers: number | null;
  };
}

export interface CallsCost {
  readonly calls: number;
  readonly uncached: number | null;
  readonly cached: number | null;
}

/** Nothing would be sent. */
export interface NoPromptReport {
  readonly kind: 'none';
  readonly reason: string;
}

export type PromptReport = ItemPromptReport | PackPromptReport | FilePromptReport | NoPromptReport;
