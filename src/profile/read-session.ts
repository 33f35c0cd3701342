/** One session out of its files. */
import path from 'node:path';
import { createCollector } from './collector.js';
import { readRecords } from './records-file.js';
import type { RecordsFile } from './records-file.js';
import type { Session } from './session.js';
import type { SessionFiles } from './sources.js';

export interface ReadSession {
  readonly session: Session;
  /** false: none of the lines is a record of a session. */
  readonly isSession: boolean;
  /** Of the first file: what is said of it when it is none. */
  readonly first: RecordsFile | null;
}

/** @param known - ids of messages that sessions read before this one have; those of this one are added. */
export async function readSession(
  source: SessionFiles,
  known: Set<string>,
  signal: AbortSignal,
): Promise<ReadSession> {
  const collector = createCollector(known);
  const read: RecordsFile[] = [];
  for (const { file, agent } of source.files)
    read.push(await readRecords(file, collector.file(agent), signal));
  const isSession = collector.recognised() > 0;
  const { session: id, source: kind, copied, synthetic, ...rest } = collector.finish();
  const session = {
    ...rest,
    id: source.session ?? id ?? path.basename(source.files[0]?.file ?? '', '.jsonl'),
    files: source.files.map(({ file }) => file),
    source: kind,
    step: source.step,
    oddities: {
      malformed: read.reduce((sum, { malformed }) => sum + malformed, 0),
      torn: read.filter(({ isTorn }) => isTorn).length,
      copied,
      synthetic,
    },
  };
  return { session, isSession, first: read[0] ?? null };
}
