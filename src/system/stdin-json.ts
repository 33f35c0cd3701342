/** JSON that a session hands in on standard input. */
import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { RegenError } from '../model/errors.js';

/** More is no answer of a model, but a mistake. */
const longestBytes = 4_000_000;

/**
 * @param what - how the messages call it: `the evaluation`.
 * @returns undefined when nothing was handed in: a terminal, a closed input, nothing but white space.
 * @throws RegenError `usage` when it isn't JSON.
 */
export async function readStdinJson(what: string, signal: AbortSignal): Promise<unknown> {
  const text = await readStdin(what, signal);
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RegenError('usage', `${what} on standard input isn't JSON: ${reason}`, {
      hint: 'Nothing was done. Hand in one JSON document, such as from a file: < answer.json',
      cause,
    });
  }
}

async function readStdin(what: string, signal: AbortSignal): Promise<string> {
  if (isatty(0) || !isThere()) return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  const { stdin } = process;
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  for await (const chunk of stdin) {
    const data = Buffer.from(chunk as Uint8Array); // without an encoding, a stream gives bytes
    chunks.push(data);
    bytes += data.length;
    if (bytes > longestBytes) {
      throw new RegenError('usage', `${what} on standard input is longer than ${longestBytes} bytes`, {
        hint: 'Nothing was done.',
      });
    }
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks).toString('utf8');
}

/** A shell may have closed it: `<&-`. */
function isThere(): boolean {
  try {
    fstatSync(0);
    return true;
  } catch {
    return false;
  }
}
