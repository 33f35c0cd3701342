/**
 * A file that keeps what the ledger's first so many bytes came to. It is never trusted further than it can be checked: of
 * another version, unreadable or made from another file, it counts as none, and losing it costs time and nothing else.
 */
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { parsedObject } from '../model/parsed-object.js';
import { isErrno } from '../system/errno.js';
import { temporaryName } from '../system/temporaries.js';

/** What the ledger came to, up to an offset at which a line begins. */
export interface Kept {
  readonly offset: number;
  readonly data: unknown;
}

interface Envelope extends Kept {
  readonly v: typeof version;
  /** The ledger's first bytes, and the last ones before the offset. */
  readonly head: string;
  readonly tail: string;
}

/** Changes whenever the data's meaning does. */
const version = 3;

const printBytes = 256;

/** null: there is nothing that can be used. */
export async function readRollup(file: string, ledger: string): Promise<Kept | null> {
  const envelope = parseEnvelope(await readFile(file, 'utf8').catch(() => ''));
  if (envelope === null) return null;
  const print = await fingerprint(ledger, envelope.offset);
  if (print?.head !== envelope.head || print.tail !== envelope.tail) return null;
  return { offset: envelope.offset, data: envelope.data };
}

/**
 * Puts it in place whole. What several processes write at the same time is right each for itself, and the last one stays.
 * Failing is no failure: a disk that takes no change keeps nobody from reading.
 */
export async function writeRollup(file: string, ledger: string, kept: Kept): Promise<void> {
  const temporary = path.join(path.dirname(file), temporaryName(file));
  try {
    const print = await fingerprint(ledger, kept.offset);
    if (print === null) return;
    const { offset, data } = kept;
    const envelope: Envelope = { v: version, offset, ...print, data };
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(temporary, JSON.stringify(envelope));
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function parseEnvelope(text: string): Envelope | null {
  const value = parsedObject(text);
  if (value === null) return null;
  const { v, offset, head, tail, data } = value;
  if (v !== version || typeof head !== 'string' || typeof tail !== 'string') return null;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) return null;
  return { v, offset, head, tail, data };
}

type Print = Pick<Envelope, 'head' | 'tail'>;

/** null: the ledger isn't as long as that. */
async function fingerprint(ledger: string, offset: number): Promise<Print | null> {
  if (offset === 0) return { head: '', tail: '' };
  const handle = await open(ledger, 'r').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const length = Math.min(printBytes, offset);
    const head = await readAt(handle, 0, length);
    const tail = await readAt(handle, offset - length, length);
    // A line ends there still.
    return head === null || !tail?.endsWith('\n') ? null : { head, tail };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<string | null> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return bytesRead === length ? buffer.toString('latin1') : null;
}
