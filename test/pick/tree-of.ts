import { hashOf } from '../../src/system/content-hash.js';
import type { BaseTree } from '../../src/model/base-tree.js';
import { baseTreeOf } from '../support/base-tree.js';

/** A base's tree of regular files, with a list of them; no git behind it. */
export function treeOf(files: Readonly<Record<string, string | Buffer>>): BaseTree {
  const entries = Object.entries(files).map(([path, content]) => ({
    ...{ path, mode: '100644', sha: hashOf(content.toString()), size: Buffer.byteLength(content) },
  }));
  return { ...baseTreeOf(files), entries: () => Promise.resolve(entries) };
}
