/** A base's tree that is given as data; no git behind it. */
import type { BaseTree } from '../../src/model/base-tree.js';

export function baseTreeOf(files: Readonly<Record<string, string | Buffer>>): BaseTree {
  return {
    sha: '1f3c9ab0e4d2c5b6a7988796a5b4c3d2e1f00112',
    entries: () => Promise.resolve([]),
    read(paths, each) {
      for (const path of paths) {
        const content = files[path];
        each(path, content === undefined ? null : Buffer.from(content));
      }
      return Promise.resolve();
    },
    history: () => Promise.resolve(),
    isShallow: () => Promise.resolve(false),
  };
}
