/** The last good work on each item, `.regen/good/<target>/<item>`: what `when: unchanged` goes by. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { ItemRef } from '../model/attempt.js';
import { askedDigest, ownDigest } from '../system/work-digests.js';
import type { GoodWork } from '../model/good-work.js';
import { decodeId, encodeId } from '../model/ids.js';
import { parsedObject } from '../model/parsed-object.js';
import type { Surroundings } from '../model/surroundings.js';
import { writeAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { readOptional } from '../system/read-optional.js';
import type { StageContext } from './stage.js';
import { shippedData } from './stages/shipped-data.js';

const goodSchema = z.object({ at: z.string(), asked: z.string(), before: z.string(), after: z.string() });

/** Notes what the attempt has shipped, or found good as it was. */
export async function noteGood(context: Omit<StageContext, 'round'>): Promise<void> {
  const { attempt, config, journal, signal, stations, surroundings } = context;
  const { sha } = shippedData(journal);
  const before = await stations.workspace.tree(attempt.base).entries(signal);
  const after = sha === undefined ? before : await stations.workspace.tree(sha).entries(signal);
  const good: GoodWork = {
    at: surroundings.now().toISOString(),
    asked: askedDigest(config, attempt, before),
    before: ownDigest(config, attempt, before),
    after: ownDigest(config, attempt, after),
  };
  await keepGood(surroundings, attempt, good);
}

/** The same of what is known already. */
export async function keepGood(
  surroundings: Surroundings,
  { target, item }: ItemRef,
  good: GoodWork,
): Promise<void> {
  const folder = folderOf(surroundings, target);
  await mkdir(folder, { recursive: true });
  await writeAtomically(path.join(folder, encodeId(item)), `${JSON.stringify(good)}\n`);
}

/** By item; what can't be read counts as never done. */
export async function readGood(
  surroundings: Surroundings,
  target: string,
): Promise<ReadonlyMap<string, GoodWork>> {
  const folder = folderOf(surroundings, target);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  const noted = await Promise.all(
    names.map(async (name) => {
      const good = goodSchema.safeParse(parsedObject((await readOptional(path.join(folder, name))) ?? ''));
      return good.success ? [[decodeId(name), good.data] as const] : [];
    }),
  );
  return new Map(noted.flat());
}

function folderOf({ root }: Surroundings, target: string): string {
  return path.join(root, '.regen', 'good', encodeId(target));
}
