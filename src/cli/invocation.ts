/** What every command gets: where it runs, how it prints, when it stops. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Surroundings } from '../model/surroundings.js';
import { ensureFolder } from '../system/folder.js';
import { findRepositoryRoot } from '../system/repository-root.js';
import type { Reporter } from './reporter.js';

/** Flags that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly cwd?: string;
  readonly config?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** false: `--no-wait-state`. */
  readonly waitState?: boolean;
}

export interface Invocation {
  readonly options: CommonOptions;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Every command's name: what a mistyped target may have been meant to be. */
  readonly commands: readonly string[];
  /** Where the command was called, absolute. */
  readonly cwd: string;
  /** The surroundings, also where there is no repository. */
  readonly outside: Omit<Surroundings, 'root'>;
  /** @throws RegenError `environment` outside of a git repository. */
  surroundings(): Promise<Surroundings>;
}

/**
 * @param commands - the names of all commands.
 * @throws RegenError `usage` when `--cwd` names no folder: a repository above a mistyped one is not what was meant.
 */
export async function createInvocation(
  options: CommonOptions,
  reporter: Reporter,
  signal: AbortSignal,
  commands: readonly string[],
): Promise<Invocation> {
  const cwd = path.resolve(options.cwd ?? '.');
  await ensureFolder(cwd);
  const outside = {
    env: process.env,
    now: () => new Date(),
    newId: randomUUID,
    progress: (line: string, importance?: 'detail') => {
      reporter.progress(line, importance);
    },
  };
  return {
    options:
      options.config === undefined ? options : { ...options, config: path.resolve(cwd, options.config) },
    reporter,
    signal,
    commands,
    cwd,
    outside,
    surroundings: async () => ({ ...outside, root: await findRepositoryRoot(cwd) }),
  };
}
