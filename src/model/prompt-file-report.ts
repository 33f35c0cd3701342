/** What `regen prompt` tells of a text that anybody may have written for a model. */
import type { CacheMinimum } from './cache-minimum.js';
import type { ExpectedRequests, TokenScale } from './prompt-scale.js';

/** Why a line looks as if it changed from one request to the next. */
export type DynamicKind = 'placeholder' | 'variable' | 'date' | 'time' | 'path' | 'uuid' | 'section';

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
