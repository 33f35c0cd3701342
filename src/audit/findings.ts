/** What code finds before anybody is asked. */
import type { NamedText } from './features.js';

/** Two items or more that may be copies of each other. */
export interface CopyCluster {
  /** `C1`, `C2`, …: how the answer names it. */
  readonly id: string;
  /** In the plan's order. */
  readonly items: readonly string[];
  /** Those of them that are to be done, one at least: only of these a change can be asked. */
  readonly todo: readonly string[];
  /** The last of them that is to be done. */
  readonly later: string;
  readonly files: readonly (NamedText & { readonly item: string })[];
  /** What they share, a line each. */
  readonly evidence: readonly string[];
}

export interface Findings {
  readonly target: string;
  /** Texts of prompt.static and prompt.target. */
  readonly dictated: readonly NamedText[];
  readonly clusters: readonly CopyCluster[];
}
