/** Reads what a run's files tell of requests without a recorded answer. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelMessage } from '../model/usage.js';
import { readDiagnostics } from './diagnostics.js';
import { runFiles } from './run-files.js';
import { readThreads } from './threads.js';
import type { TranscriptPlace } from './transcript.js';
import { unrecordedMessages } from './unrecorded.js';
import type { Watched } from './watch.js';

export interface EndedRun {
  /** The run's directory, absolute. */
  readonly directory: string;
  readonly place: TranscriptPlace;
  readonly seen: Watched;
  readonly listed: readonly ModelMessage[];
}

/** What was charged without a record, as estimates. */
export async function readLooseEnds({
  directory,
  place,
  seen,
  listed,
}: EndedRun): Promise<readonly ModelMessage[]> {
  const files = runFiles(directory);
  const isOver = seen.result !== null && !seen.result.isError;
  const diagnostics = await readDiagnostics(files.diagnostics);
  if (isOver && (diagnostics?.brokenStreams ?? []).length === 0) return [];
  return unrecordedMessages({
    run: basename(directory),
    isOver,
    asking: seen.isAsking && seen.model !== null ? { model: seen.model } : null,
    firstPromptCharacters: (await lengthOf(files.prefix)) + (await lengthOf(files.message)),
    listed,
    threads: await readThreads(place),
    diagnostics,
  });
}

async function lengthOf(file: string): Promise<number> {
  return (await readFile(file, 'utf8').catch(() => '')).length;
}
