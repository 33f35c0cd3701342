/** The commands that regen.yaml has run for an item: set-up, checks, publishing, fields of the metadata. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt } from '../model/attempt.js';
import type { Surroundings } from '../model/surroundings.js';
import { fillCommand } from '../model/template.js';
import type { CommandValues } from '../model/template.js';
import { runCommand } from './command.js';
import type { CommandResult } from './command.js';
import { checkEnvironment } from './environment.js';
import { createMask } from './mask.js';

/** Where an item's commands run. */
export interface ItemPlace {
  readonly attempt: Attempt;
  /** The worktree's absolute path. */
  readonly cwd: string;
  readonly round: number;
}

interface ItemCommand {
  /** As regen.yaml has it. */
  readonly template: string;
  /** Placeholders besides `{target}` and `{item}`. */
  readonly values?: CommandValues;
  /** Names of environment variables that are passed on. */
  readonly names: readonly string[];
  /** Environment variables besides those that every command of an item has. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `REGEN_ARTIFACTS`, absolute. */
  readonly artifacts: string;
  /** HOME, unless `names` has it. */
  readonly home: string;
  readonly timeoutMs: number;
  /** Absolute. */
  readonly log: string;
  /** Run for what it prints on stdout. */
  readonly isQuery?: boolean;
  /** See `RepositoryCommand`. */
  readonly observe?: (lines: string) => void;
}

export type RunItemCommand = (
  place: ItemPlace,
  command: ItemCommand,
  signal: AbortSignal,
) => Promise<CommandResult>;

/**
 * Runs commands of the repository with what the contract promises them; secrets never reach their logs.
 *
 * @param options - `isGuest`: the caller was itself started for the attempt (by its agent), so that what a command leaves
 *   behind must be told from the agent's other processes: each command has a mark of its own besides the attempt's.
 */
export function createItemCommands(
  surroundings: Surroundings,
  { isGuest }: { readonly isGuest: boolean } = { isGuest: false },
): RunItemCommand {
  const mask = createMask(surroundings.env);
  return async ({ attempt, cwd }, command, signal) => {
    await mkdir(command.home, { recursive: true });
    const name = isGuest ? 'REGEN_COMMAND' : 'REGEN_ATTEMPT';
    const value = isGuest ? surroundings.newId() : attempt.uuid;
    const own = {
      ...command.settings,
      REGEN_TARGET: attempt.target,
      REGEN_ITEM: attempt.item,
      REGEN_ARTIFACTS: command.artifacts,
      REGEN_ATTEMPT: attempt.uuid,
      [name]: value,
    };
    return await runCommand(
      {
        line: fillCommand(command.template, {
          ...command.values,
          target: attempt.target,
          item: attempt.item,
        }),
        cwd,
        env: checkEnvironment(surroundings.env, { names: command.names, home: command.home, settings: own }),
        timeoutMs: command.timeoutMs,
        marker: `${name}=${value}`,
        log: command.log,
        mask,
        isQuery: command.isQuery ?? false,
        ...(command.observe === undefined ? {} : { observe: command.observe }),
      },
      signal,
    );
  };
}

/**
 * The attempt's scratch HOME: set-up and checks share it, for what the one installs the other uses. It goes with the
 * attempt's folder.
 */
export function scratchHome(attempt: Attempt): string {
  return join(attempt.directory, 'home');
}

/** Makes the folder anew: what an earlier run left in it must not be taken for this one's. */
export async function emptyFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
}
