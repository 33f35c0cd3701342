/** What a failure leaves to look at: where all of it is, its last lines, and what to do. */
import path from 'node:path';
import * as z from 'zod';
import type { JournalRecord } from '../model/attempt.js';
import type { Evidence } from '../model/step-result.js';
import { typed } from '../model/typed.js';
import type { Journal } from './journal.js';

/** A digest has more; it is in the log. */
const mostLines = 5;
const longestLine = 200;

const dataSchema = z
  .object({
    results: z.array(z.object({ ok: z.boolean(), digest: z.string().nullable(), log: z.string() })).catch([]),
    /** What to do before a retry. */
    next: z.string().nullable().catch(null),
  })
  .partial();

/**
 * @param root - what the log's path is relative to.
 * @param isTakenUp - whether a retry goes on from a kept commit.
 */
export function evidenceOf(journal: Journal, root: string, isTakenUp: boolean): Evidence {
  const { attempt } = journal;
  const folder = path.relative(root, attempt.directory);
  const last = journal.records().findLast(({ effect, event }) => effect === 'stage' && event === 'end');
  const { results = [], next = null } = dataSchema.parse(last?.data ?? {});
  const failed = results.find(({ ok }) => !ok);
  const retry = `regen retry ${typed(attempt.item)}${isTakenUp ? ' (it goes on from the kept commit)' : ''}`;
  return {
    log: failed !== undefined && failed.log !== '' ? failed.log : path.join(folder, runLog(journal, last)),
    lines: lastLines(failed?.digest ?? ''),
    next: next === null ? retry : `${next.replace(/\.$/, '')}, then ${retry}`,
  };
}

/** The stream of the run that failed, or the journal. */
function runLog(journal: Journal, last: JournalRecord | undefined): string {
  const run = journal
    .records()
    .findLast(
      ({ stage, round, event, data }) =>
        stage === last?.stage && round === last.round && event === 'begin' && 'directory' in data,
    );
  const directory = run?.data['directory'];
  return typeof directory === 'string' ? path.join(directory, 'stream.jsonl') : 'journal.jsonl';
}

/** Without the headline, which is the reason, and what only leads to the log. */
function lastLines(digest: string): readonly string[] {
  const lines = digest.split('\n').slice(1);
  return lines
    .filter((line) => line.trim() !== '' && !/^(?:Log: |Output:$)/.test(line))
    .slice(-mostLines)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line));
}
