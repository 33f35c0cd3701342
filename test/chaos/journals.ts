/** The journals of a trial's attempts. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseJournal } from '../../src/step/journal-records.js';
import type { ParsedJournal } from '../../src/step/journal-records.js';

/** Those that have an opening record: without one an attempt never was. */
export async function journalsOf({ root }: { readonly root: string }): Promise<readonly ParsedJournal[]> {
  const runs = path.join(root, '.regen', 'runs');
  const names = await readdir(runs, { recursive: true }).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith('/journal.jsonl'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(runs, name), 'utf8')));
  return texts.flatMap((text) => parseJournal(text, 'journal.jsonl') ?? []);
}
