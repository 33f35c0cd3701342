/** What a run leaves in its directory. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Absolute paths. The stream is Claude Code's own stdout, whole. */
export function runFiles(directory: string) {
  return {
    prefix: join(directory, 'prefix.md'),
    message: join(directory, 'message.md'),
    stream: join(directory, 'stream.jsonl'),
    stderr: join(directory, 'stderr.log'),
    earlier: join(directory, 'earlier.json'),
    diagnostics: join(directory, 'diagnostics.jsonl'),
    servers: join(directory, 'servers.json'),
    settings: join(directory, 'settings.json'),
  };
}

/** Makes the file if need be; an earlier run's lines in it aren't this run's. */
export async function endOfFile(path: string): Promise<number> {
  const handle = await open(path, 'a');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
