/** What is sent of the references. Equal documents and equal chunks make equal bytes. Pure. */
import { passageText } from '../model/passages.js';
import type { Chunk, ReferenceDocument } from './document.js';
import { inOrder } from './document.js';

/** The chunks in document order, each under its place. */
export function chunksText(chunks: readonly Chunk[]): string {
  return chunks
    .toSorted((left, right) => left.place - right.place)
    .map((chunk) => passageText(chunk))
    .join('\n\n');
}

/** Every document whole: what a cached prefix holds, and what a miss falls back to. */
export function documentsText(documents: readonly ReferenceDocument[]): string {
  return inOrder(documents)
    .map(({ path, text }) => `## ${path}\n${text.trim()}`)
    .join('\n\n');
}
