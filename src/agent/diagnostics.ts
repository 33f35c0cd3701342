/** Claude Code's own log of a run, one line of JSON per event: the only one to tell of a stream that broke off. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';

export interface Diagnostics {
  /** When the process began, epoch milliseconds. */
  readonly startedAt: number;
  /** When a stream had broken off and its request was sent again, not streamed. */
  readonly brokenStreams: readonly number[];
}

const lineSchema = z.object({ timestamp: z.iso.datetime(), event: z.string() });

/** null without the file: an older Claude Code doesn't write it. */
export async function readDiagnostics(path: string): Promise<Diagnostics | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const events = text.split('\n').flatMap((line) => parseLine(line) ?? []);
  const [first] = events;
  if (first === undefined) return null;
  const broken = events.filter(({ event }) => event === 'cli_nonstreaming_fallback_started');
  return { startedAt: instant(first), brokenStreams: broken.map(instant) };
}

type Line = z.output<typeof lineSchema>;

function instant({ timestamp }: Line): number {
  return Date.parse(timestamp);
}

function parseLine(line: string): Line | null {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
