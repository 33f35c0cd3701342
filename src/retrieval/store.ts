/** Chunks and vectors on disk, a file per document in `.regen/retrieval/`, named after what is in the document. */
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Surroundings } from '../model/surroundings.js';
import { createAtomically, writeAtomically } from '../system/atomic-write.js';
import { hashOf } from '../system/content-hash.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import { chunkerVersion } from './chunks.js';
import type { ReferenceDocument } from './document.js';
import { keptText, readKept } from './kept-document.js';
import type { KeptDocument } from './kept-document.js';

export interface Store {
  /** null: it isn't there, or is damaged. */
  load(document: ReferenceDocument): Promise<KeptDocument | null>;
  save(document: ReferenceDocument, kept: KeptDocument): Promise<void>;
  /** Drops what nothing has used for 30 days; these documents are in use. */
  prune(used: readonly ReferenceDocument[]): Promise<void>;
}

const dayMs = 24 * 3_600_000;
const keptMs = 30 * dayMs;

export function createStore({ root, now }: Pick<Surroundings, 'root' | 'now'>): Store {
  const folder = path.join(root, '.regen', 'retrieval');
  const fileOf = (document: ReferenceDocument): string => path.join(folder, nameOf(document));
  return {
    async load(document) {
      const text = await readOptional(fileOf(document));
      return text === null ? null : readKept(text, document.path);
    },

    async save(document, kept) {
      await mkdir(folder, { recursive: true });
      const file = fileOf(document);
      const text = keptText(kept);
      // It can be made anew: only what is replaced, because it was damaged or has grown by paid vectors, waits for the disk.
      if (!(await createAtomically(file, text, { isDurable: false }))) await writeAtomically(file, text);
    },

    async prune(used) {
      const inUse = new Set(used.map(nameOf));
      for (const name of await namesIn(folder)) {
        await age(path.join(folder, name), inUse.has(name), now());
      }
    },
  };
}

function nameOf({ path: place, text }: ReferenceDocument): string {
  return `${hashOf(JSON.stringify([chunkerVersion, place, text]))}.json`;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** A file's time says when it was last in use, to the day. Another process may be at the same. */
async function age(file: string, isUsed: boolean, now: Date): Promise<void> {
  try {
    const ageMs = now.getTime() - (await stat(file)).mtimeMs;
    if (isUsed && ageMs > dayMs) await utimes(file, now, now);
    if (!isUsed && ageMs > keptMs) await rm(file, { force: true });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}
