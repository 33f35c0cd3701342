/** What `regen prompt` tells of a prompt before anybody pays for it. Characters are UTF-16 units, tokens are estimates. */
import type { CacheMinimum } from './cache-minimum.js';
import type { Ttl } from './cache-mode.js';
import type { ContextFit } from './context-fit.js';
import type { Layer } from './prompt.js';
import type { TokenCounts } from './usage.js';

/** How tokens were told from characters. */
export interface TokenScale {
  readonly charactersPerToken: number;
  /** `ledger`: drawn from what the first requests of earlier runs came to. */
  readonly source: 'usual' | 'ledger';
  /** How many of them; 0 with `usual`. */
  readonly requests: number;
}

/** How many requests an item takes. */
export interface ExpectedRequests {
  readonly count: number;
  /** Whose items it is the mean of; `assumed`: nobody's; `flag`: as the command line says. */
  readonly source: 'plan' | 'target' | 'others' | 'assumed' | 'flag';
  /** How many items; 0 with `assumed` and `flag`. */
  readonly items: number;
}

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

/** Why a line looks as if it changed from one request to the next. */
export type DynamicKind = 'placeholder' | 'variable' | 'date' | 'time' | 'path' | 'uuid' | 'section';

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

/** A stretch of a prompt file. */
export interface FilePart {
  /** `static`: in the cached prefix; `late`: static, but behind a dynamic line; `dynamic`. */
  readonly kind: 'static' | 'target' | 'late' | 'dynamic';
  /** 1-based, both included. */
  readonly from: number;
  readonly to: number;
  readonly characters: number;
  readonly tokens: number;
}

/** A line that looks dynamic. */
export interface Evidence {
  readonly line: number;
  readonly kind: DynamicKind;
  readonly text: string;
  /** false: it stands in code, where such things mostly are meant as they are. */
  readonly counts: boolean;
}

export interface FilePromptReport {
  readonly kind: 'file';
  readonly file: string;
  readonly boundaries: 'marked' | 'guessed';
  /** Lines of the markers. */
  readonly markers: readonly number[];
  readonly scale: TokenScale;
  readonly lines: number;
  readonly characters: number;
  readonly tokens: number;
  readonly parts: readonly FilePart[];
  readonly prefix: {
    /** The last line of the prefix as it can be cached today; 0: none. */
    readonly endsAt: number;
    readonly characters: number;
    readonly tokens: number;
    /** What ends it; null: a marker, or the end of the file. */
    readonly endedBy: Evidence | null;
  };
  readonly evidence: readonly Evidence[];
  readonly requests: ExpectedRequests;
  /** One item of so many requests, the rest of the file sent anew each time. */
  readonly cost: FileCost;
  /** What the prefix would be with the dynamic lines behind everything static; null: nothing is to be moved. */
  readonly moved: {
    readonly lines: readonly number[];
    readonly prefixTokens: number;
    readonly cached: number | null;
    readonly savingUsd: number | null;
  } | null;
}

export interface FileCost {
  readonly model: string;
  readonly asOf: string;
  readonly minimum: CacheMinimum;
  readonly isCached: boolean;
  readonly uncached: number | null;
  readonly cached: number | null;
}

/** Bytes of one real request, as it went over the wire: those of the JSON text. */
export interface WireReport {
  /** Of the whole body. */
  readonly bytes: number;
  readonly path: string;
  readonly model: string;
  readonly maxTokens: number | null;
  readonly tools: readonly { readonly name: string; readonly bytes: number }[];
  readonly system: readonly WireBlock[];
  readonly messages: readonly (WireBlock & { readonly role: string })[];
  /** Everything else: parameters, punctuation. */
  readonly rest: number;
  readonly ours: number;
  readonly boilerplate: number;
  readonly breakpoints: readonly { readonly at: string; readonly ttl: '5m' | '1h' }[];
  readonly betas: readonly string[];
  readonly client: string | null;
  /** Whether prefix and message stand in it byte for byte. */
  readonly holds: { readonly prefix: boolean; readonly message: boolean };
  /** Requests of the run besides this one. */
  readonly otherRequests: number;
}

interface WireBlock {
  readonly bytes: number;
  /** Of them, our own text. */
  readonly ours: number;
  /** The first words of what isn't ours; '' when all of it is. */
  readonly begins: string;
}

export type PromptReport = ItemPromptReport | PackPromptReport | FilePromptReport | NoPromptReport;
