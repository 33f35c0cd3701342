import type { BaseTree } from '../../src/model/base-tree.js';
import { createBaseTree } from '../../src/workspace/base-tree.js';
import { createGit } from '../../src/workspace/git.js';
import type { TestRepository } from '../support/git-repo.js';
import { gitEnvironment } from '../support/git-repo.js';

export interface CountedTree extends BaseTree {
  /** How often each question was asked. */
  readonly asked: { entries: number; read: number; history: number };
}

/** The repository's tree at HEAD. */
export function openTree(repository: TestRepository): CountedTree {
  const tree = createBaseTree(createGit({ root: repository.root, env: gitEnvironment() }), 'HEAD');
  const asked = { entries: 0, read: 0, history: 0 };
  return {
    sha: tree.sha,
    asked,
    entries(signal) {
      asked.entries += 1;
      return tree.entries(signal);
    },
    read(paths, each, signal) {
      asked.read += 1;
      return tree.read(paths, each, signal);
    },
    history(each, signal) {
      asked.history += 1;
      return tree.history(each, signal);
    },
    isShallow: (signal) => tree.isShallow(signal),
  };
}
