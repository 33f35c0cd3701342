/** What git itself says about the processes that ran: their names and how long each took (its trace2 events). */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** A git process that was started by regen or by the shell script, not by another git. */
export interface GitRun {
  /** Such as `fetch`; `log (cut short)` when it was killed, as happens once enough of a history is read. */
  readonly name: string;
  readonly ms: number;
}

const traceEvent = z.object({
  event: z.string(),
  /** Names of the git commands above it as well, `fetch/upload-pack`. */
  hierarchy: z.string().optional(),
  /** Seconds since the process began. */
  t_abs: z.number().optional(),
});

/** Lines of a global git config: only the user's own settings may turn tracing on. */
export function traceSettings(folder: string): string {
  return `[trace2]\n\teventTarget = ${folder}\n`;
}

/** The processes since the last call. */
export async function takeGitRuns(folder: string): Promise<readonly GitRun[]> {
  const names = await readdir(folder);
  const runs = await Promise.all(
    names.map(async (name) => readTrace(await readFile(path.join(folder, name), 'utf8'))),
  );
  await rm(folder, { recursive: true });
  await mkdir(folder);
  return runs.flat();
}

function readTrace(text: string): GitRun[] {
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => traceEvent.parse(JSON.parse(line)));
  const name = events.find(({ event }) => event === 'cmd_name')?.hierarchy;
  if (name === undefined || name.includes('/')) return [];
  const seconds = events.findLast(({ event }) => event === 'atexit' || event === 'signal')?.t_abs;
  return [seconds === undefined ? { name: `${name} (cut short)`, ms: 0 } : { name, ms: seconds * 1000 }];
}
