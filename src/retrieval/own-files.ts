import type { ReferenceDocument } from './document.js';

/**
 * Without the documents that are an item's file: an item's neighbour is no reference, and a model that reads it copies it.
 * Pure.
 */
export function withoutOwnFiles(
  documents: readonly ReferenceDocument[],
  isItemFile: (path: string) => boolean,
): readonly ReferenceDocument[] {
  return documents.filter(({ path }) => !isItemFile(path));
}
