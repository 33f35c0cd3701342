import { open } from 'node:fs/promises';
import { isErrno } from './errno.js';

/** Makes the names in a folder durable: a file created, renamed or removed there survives a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch((error: unknown) => {
    // Windows opens no folders; it also has nothing to be synced there.
    if (isErrno(error, 'EISDIR', 'EPERM', 'EACCES')) return null;
    throw error;
  });
  if (handle === null) return;
  try {
    await handle.sync();
  } catch (error) {
    // Some network and FUSE file systems refuse to sync a folder.
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'EPERM')) throw error;
  } finally {
    await handle.close();
  }
}
