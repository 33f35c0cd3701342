/**
 * The good work on a target's items, what `when: unchanged` goes by: `.regen/good/<target>/<item>` has the last on an item;
 * `…/<file>#` has, line by line, all on the file's blocks, since those are known by their texts and not by their places.
 */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { askedDigest, ownDigest } from '../system/work-digests.js';
import type { GoodWork } from '../model/good-work.js';
import { decodeId, encodeId } from '../model/ids.js';
import { parsedObject } from '../model/parsed-object.js';
import type { Surroundings } from '../model/surroundings.js';
import { appendDurably } from '../system/append.js';
import { writeAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import type { StageContext } from './stage.js';
import { shippedData } from './stages/shipped-data.js';

const goodSchema = z.object({
  /** Left out: the file is named after it. */
  item: z.string().optional(),
  ...{ at: z.string(), asked: z.string(), before: z.string(), after: z.string() },
});

/** Notes what the attempt has shipped, or found good as it was. */
export async function noteGood(context: Omit<StageContext, 'round'>): Promise<void> {
  const { attempt, config, journal, signal, stations, surroundings } = context;
  const { sha } = shippedData(journal);
  const before = await stations.workspace.tree(attempt.base).entries(signal);
  const after = sha === undefined ? before : await stations.workspace.tree(sha).entries(signal);
  const good: GoodWork = {
    item: attempt.item,
    at: surroundings.now().toISOString(),
    asked: askedDigest(config, attempt, before),
    before: ownDigest(config, attempt, before),
    after: ownDigest(config, attempt, after),
  };
  const folder = await madeFolder(surroundings, attempt.target);
  await writeAtomically(path.join(folder, encodeId(attempt.item)), `${JSON.stringify(good)}\n`);
}

interface GoodBlocks {
  readonly target: string;
  /** The name that the file's path captured. */
  readonly file: string;
  readonly notes: readonly GoodWork[];
}

/** The same of blocks of one file; what is noted in the same words already is not noted again. */
export async function keepGoodBlocks(
  surroundings: Surroundings,
  { target, file, notes }: GoodBlocks,
): Promise<void> {
  const folder = await madeFolder(surroundings, target);
  const name = encodeId(`${file}#`);
  const known = new Set((await readNotes(folder, name)).map(wordsOf));
  const added = notes.filter((note) => !known.has(wordsOf(note)));
  if (added.length === 0) return;
  await appendDurably(path.join(folder, name), added.map((note) => JSON.stringify(note)).join('\n'));
}

/** Every note on the target's items; what can't be read counts as never done. */
export async function readGood(surroundings: Surroundings, target: string): Promise<readonly GoodWork[]> {
  const folder = folderOf(surroundings, target);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  return (await Promise.all(names.map((name) => readNotes(folder, name)))).flat();
}

async function readNotes(folder: string, name: string): Promise<readonly GoodWork[]> {
  const text = (await readOptional(path.join(folder, name))) ?? '';
  return text.split('\n').flatMap((line) => {
    const good = goodSchema.safeParse(parsedObject(line));
    return good.success ? [{ ...good.data, item: good.data.item ?? decodeId(name) }] : [];
  });
}

function wordsOf({ item, asked, before, after }: GoodWork): string {
  return [asked, before, after, item].join(' ');
}

async function madeFolder(surroundings: Surroundings, target: string): Promise<string> {
  const folder = folderOf(surroundings, target);
  await mkdir(folder, { recursive: true });
  return folder;
}

function folderOf({ root }: Surroundings, target: string): string {
  return path.join(root, '.regen', 'good', encodeId(target));
}
