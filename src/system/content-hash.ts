import { createHash } from 'node:crypto';

/** SHA-256 in hex: tells the same text whenever it is built. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
