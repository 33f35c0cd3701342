/** Temporary files and folders whose names tell whose they are, so that what a killed process left can be removed. */
import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isErrno } from './errno.js';

/** Containers that share a folder don't share their pids. */
const namespace = pidNamespace();

/** The name of a file to be written beside `target`, and moved into its place. */
export function temporaryName(target: string): string {
  // A name's length is limited; the target's own may already use all of it.
  return `${path.basename(target).slice(0, 40)}.${namespace}-${process.pid}.${randomUUID()}.tmp`;
}

/** A new folder for what must not outlive the work, readable by us alone. */
export function makeScratch(kind: string): Promise<string> {
  return mkdtemp(path.join(tmpdir(), `regen-${kind}-${namespace}-${process.pid}.`));
}

/** Removes what killed processes left in the repository's own places, and their scratch folders. */
export async function removeLeftovers(root: string): Promise<void> {
  const own = path.join(root, '.regen');
  const below = (await foldersIn(own)).filter((folder) => !evidence.has(path.basename(folder)));
  // What is noted of items lies in a folder of their target.
  const deeper = (await Promise.all(below.map(foldersIn))).flat();
  await Promise.all([root, own, ...below, ...deeper].map(removeTemporaries));
  await removeNamed(tmpdir(), /^regen-[a-z]+-(\d+)-(\d+)\.[^.]+$/);
}

/** Ever growing, and nothing in them is moved into place. */
const evidence: ReadonlySet<string> = new Set(['runs', 'packs', 'batches']);

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = (await entriesOf(folder)).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => path.join(folder, name));
}

/** The same for the files that were to be moved into place in one folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  await removeNamed(folder, /\.(\d+)-(\d+)\.[0-9a-f-]{36}\.tmp$/);
}

async function removeNamed(folder: string, pattern: RegExp): Promise<void> {
  const left = (await entriesOf(folder)).filter(({ name }) => {
    const [, space, pid] = pattern.exec(name) ?? [];
    return space === namespace && !isAlive(Number(pid));
  });
  for (const { name } of left) {
    // Somebody else's, or a disk that takes no change: it stays for another time.
    await rm(path.join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, 'ESRCH');
  }
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0'; // no /proc: one namespace
  }
}
