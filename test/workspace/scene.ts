/** A repository with a workspace on it, and an attempt to work with. */
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Attempt } from '../../src/model/attempt.js';
import { createWorkspace } from '../../src/workspace/workspace.js';
import type { CommitResult, Workspace } from '../../src/step/workspace-station.js';
import { gitEnvironment, makeRepository } from '../support/git-repo.js';
import type { RepositoryLiteral, TestRepository } from '../support/git-repo.js';

export const signal = new AbortController().signal;

/** What every commit of a test is dated. */
const now = new Date('2026-05-02T14:00:00Z');

export const uuid = '3f2b6c1e-5d0a-4a6e-9b47-0d1c2e3f4a5b';

export interface Scene extends AsyncDisposable {
  readonly repository: TestRepository;
  readonly root: string;
  readonly workspace: Workspace;
  /** Another workspace on the same repository. */
  workspaceWith(parts: {
    readonly env?: Readonly<Record<string, string>>;
    readonly base?: string;
    readonly root?: string;
    readonly now?: Date;
  }): Workspace;
  /** An attempt at scatter/altair on the remote's base. */
  attempt(changes?: Partial<Attempt>): Promise<Attempt>;
}

/** Two items of one target, and a file that is nobody's. */
export const catalog = {
  'plots/scatter/altair.py': 'print("altair")\n',
  'plots/scatter/altair.yaml': 'score: 1\n',
  'plots/scatter/plotly.py': 'print("plotly")\n',
  'plots/scatter/spec.md': '# Scatter\n',
  'README.md': '# Catalog\n',
};

export const writes = [
  'plots/{target}/{item}.py',
  'plots/{target}/{item}.yaml',
  'plots/{target}/spec.md',
  'plots/{target}/{item}/**',
];

export async function makeScene(literal: RepositoryLiteral = { files: catalog }): Promise<Scene> {
  const repository = await makeRepository(literal);
  const { root } = repository;
  const workspaceWith: Scene['workspaceWith'] = (parts) =>
    createWorkspace({
      surroundings: {
        root: parts.root ?? root,
        env: { ...gitEnvironment(), ...parts.env },
        now: () => parts.now ?? now,
      },
      config: { base: parts.base ?? 'origin/main' },
    });
  const workspace = workspaceWith({});
  return {
    repository,
    root,
    workspace,
    workspaceWith,
    async attempt(changes = {}) {
      const { sha } = await workspace.fetchBase(signal);
      return {
        target: 'scatter',
        item: 'altair',
        uuid,
        number: 1,
        plan: '20260502T135000Z',
        base: sha,
        sessionId: '00000000-0000-4000-8000-000000000000',
        directory: path.join(root, '.regen', 'runs'),
        ...changes,
      };
    },
    [Symbol.asyncDispose]: () => repository.cleanup(),
  };
}

/** The SHA of a commit that must have been made. */
export async function committed(result: Promise<CommitResult>): Promise<string> {
  const commit = await result;
  if (commit.kind === 'committed') return commit.sha;
  throw new Error(JSON.stringify(commit));
}

/** Makes a symlink at the path in the folder. */
export async function link(folder: string, name: string, target: string): Promise<void> {
  await symlink(target, path.join(folder, name));
}

/** The error of a promise that has to fail, as the facts that a user sees. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
