/** What is searched: reference documents, and the chunks that they are cut into. */
import type { Passage } from '../model/passages.js';

export interface ReferenceDocument {
  /** In the repository. */
  readonly path: string;
  readonly text: string;
}

export interface Chunk extends Passage {
  /** Its number in document order, over all documents. */
  readonly place: number;
  /** What it takes in a prompt, its heading line and the blank line behind it included. */
  readonly tokens: number;
}

/** By path, whatever order they were read in: what is sent then has the same bytes every time. */
export function inOrder(documents: readonly ReferenceDocument[]): readonly ReferenceDocument[] {
  return documents.toSorted((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
}
