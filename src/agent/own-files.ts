/** The files that tell Claude Code of our server and our hooks; they are there as long as the run. */
import { rm, writeFile } from 'node:fs/promises';
import type { AgentRun } from '../model/agent.js';
import type { AgentOptions } from './command.js';
import { runFiles } from './run-files.js';
import { runSettings, serverConfig } from './run-settings.js';

/** Absolute; undefined: the run doesn't get it. */
export interface OwnFiles {
  readonly servers: string | undefined;
  readonly settings: string | undefined;
}

/** A run that only reads (the judge's) gets neither: it has to see all of what it judges, and changes nothing. */
export async function writeOwnFiles(
  { config, programs, surroundings }: AgentOptions,
  { attempt, directory, readOnly }: AgentRun,
): Promise<OwnFiles & AsyncDisposable> {
  const files = runFiles(directory);
  const isForUs = programs !== undefined && readOnly === undefined;
  const facts = isForUs ? { agent: config.agent, attempt, root: surroundings.root, programs } : null;
  const written = async (file: string, content: object | null): Promise<string | undefined> => {
    if (content === null) return undefined;
    // What the checks' environment holds may be secret, and so it is nobody else's to read and doesn't stay.
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    return file;
  };
  return {
    servers: await written(files.servers, facts === null ? null : serverConfig(facts)),
    settings: await written(files.settings, facts === null ? null : runSettings(facts)),
    [Symbol.asyncDispose]: () => removeOwnFiles(directory),
  };
}

/** Also what a run left that regen was killed in. */
export async function removeOwnFiles(directory: string): Promise<void> {
  await rm(runFiles(directory).servers, { force: true });
}
