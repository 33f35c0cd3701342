/** The plan's bytes on disk. */
import { isUtf8 } from 'node:buffer';
import { readdir, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import { isErrno } from '../system/errno.js';
import { readOptionalBytes } from '../system/read-optional.js';
import { planError, planFile } from './plan-error.js';

export interface PlanText {
  readonly bytes: Buffer;
  readonly text: string;
}

/**
 * The plan in the root folder; null when there is none.
 *
 * @throws RegenError `plan` when it can't be read.
 */
export async function readPlanText(root: string): Promise<PlanText | null> {
  const bytes = await readBytes(root);
  if (bytes === null) return null;
  if (!isUtf8(bytes)) {
    throw planError(firstBadLine(bytes), 'the line isn’t UTF-8 text', `Save ${planFile} as UTF-8.`);
  }
  return { bytes, text: bytes.toString('utf8') };
}

/** Removes what killed writers left beside the plan; call it under the plan's lock, when nobody is writing. */
export async function removeLeftovers(root: string): Promise<void> {
  const names = await readdir(root);
  const leftovers = names.filter((name) => name.startsWith(`${planFile}.`) && name.endsWith('.tmp'));
  for (const name of leftovers) await rm(path.join(root, name), { force: true });
}

async function readBytes(root: string): Promise<Buffer | null> {
  try {
    const bytes = await readOptionalBytes(path.join(root, planFile));
    if (bytes === null) await refuseDeadLink(root);
    return bytes;
  } catch (error) {
    if (error instanceof RegenError) throw error;
    if (isErrno(error, 'EISDIR')) {
      throw new RegenError('plan', `${planFile} is a folder, not a file`, {
        hint: 'Move it away: the plan is kept in a file of that name.',
        cause: error,
      });
    }
    throw new RegenError('plan', `${planFile} can’t be read: ${reasonOf(error)}`, {
      hint: 'Make it readable, or remove it to have a new plan written.',
      cause: error,
    });
  }
}

/** Nothing could ever be written in its place. */
async function refuseDeadLink(root: string): Promise<void> {
  const target = await readlink(path.join(root, planFile)).catch(() => null);
  if (target === null) return;
  throw new RegenError('plan', `${planFile} is a symlink to ${target}, where nothing is`, {
    hint: 'Mend the link, or remove it to have a new plan written.',
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstBadLine(bytes: Buffer): number {
  // A line feed is never part of another character in UTF-8, so lines can be looked at one by one.
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
    line += 1;
  }
  return line;
}
