/** What a call gets when the search is done. Pure. */
import type { Covered } from './select.js';

export interface MissRule {
  /** On a miss: all documents, or no call. */
  readonly onMiss: 'full' | 'fail';
  readonly leastCoverage: number;
  /** Whether all documents fit into the call. */
  readonly fullFits: boolean;
}

export type AfterSearch =
  | { readonly send: 'retrieved' }
  /** `why` is a sentence for the log. */
  | { readonly send: 'full'; readonly why: string }
  /** No call is made. */
  | { readonly send: 'nothing'; readonly reason: string };

export function afterSearch(found: Covered, { onMiss, leastCoverage, fullFits }: MissRule): AfterSearch {
  if (!found.isMiss) return { send: 'retrieved' };
  const miss =
    found.coverage === 0
      ? 'the references say nothing about it'
      : `the references cover ${percent(found.coverage)} of it, and ${percent(leastCoverage)} is the least (leastCoverage)`;
  if (onMiss === 'fail') return { send: 'nothing', reason: `${miss}; onMiss: fail` };
  if (!fullFits) return { send: 'nothing', reason: `${miss}, and all of them don’t fit into a call` };
  return { send: 'full', why: `${miss}; all of them are sent` };
}

/** Down, so that what is under the limit never looks as if it reached it. */
function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
