/** `updated: {files, fields}`: each file's first field that is there, each target's latest file. */
import type { BaseTree } from '../model/base-tree.js';
import type { TargetsConfig } from '../model/config.js';
import { filesByTarget } from './files.js';
import { readInstant } from './metadata.js';

type MetadataSource = Extract<NonNullable<TargetsConfig['updated']>, object>;

interface Question {
  readonly tree: BaseTree;
  readonly ids: ReadonlySet<string>;
  readonly progress: (line: string) => void;
}

/** Lines about single files before the rest is only counted. */
const shownWarnings = 5;

/**
 * A file that can't be read says nothing about the age, and a warning says so: one bad file among thousands must not
 * stop the line, and a target with nothing but bad files is never updated, so that it has its turn first.
 */
export async function readMetadataAges(
  source: MetadataSource,
  { tree, ids, progress }: Question,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Date>> {
  const entries = await tree.entries(signal);
  const owners = new Map(source.files.flatMap((pattern) => [...filesByTarget(entries, pattern, ids)]));
  const ages = new Map<string, Date>();
  const faults: string[] = [];
  if (owners.size === 0) return ages;
  await tree.read(
    [...owners.keys()],
    (path, content) => {
      const target = owners.get(path);
      if (content === null || target === undefined) return;
      const read = readInstant(content, source.fields);
      if (read.kind === 'unreadable') faults.push(`${path}: ${read.why}`);
      if (read.kind !== 'instant') return;
      const newest = ages.get(target);
      if (newest === undefined || read.instant > newest) ages.set(target, read.instant);
    },
    signal,
  );
  for (const fault of faults.slice(0, shownWarnings)) progress(`warning: no age in ${fault}`);
  if (faults.length > shownWarnings)
    progress(`warning: no age in ${faults.length - shownWarnings} more files`);
  return ages;
}
