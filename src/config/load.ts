import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../model/config.js';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { parseConfig } from './parse.js';
import type { IsPriced } from './rules/prices.js';

export interface ConfigSource {
  readonly surroundings: Pick<Surroundings, 'root'>;
  /** `--config FILE`: absolute, or relative to the root; regen.yaml in the root without it. */
  readonly file?: string | undefined;
  /** Left out: nobody is going to pay for anything, and limits in money aren't looked at. */
  readonly isPriced?: IsPriced;
}

/**
 * Reads the working copy's config.
 *
 * @throws RegenError `config`: the file can't be read, or what it says can't be done.
 */
export async function loadConfig(source: ConfigSource, signal?: AbortSignal): Promise<Config> {
  const { root } = source.surroundings;
  const file = path.resolve(root, source.file ?? 'regen.yaml');
  const inside = path.relative(root, file);
  const name = inside.startsWith('..') || path.isAbsolute(inside) ? file : inside;
  const text = decode(await readBytes(file, name, signal), name);
  return parseConfig(text, name, source.isPriced);
}

async function readBytes(file: string, name: string, signal: AbortSignal | undefined): Promise<Buffer> {
  try {
    return await readFile(file, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code !== 'ENOENT') {
      const why = code === 'EISDIR' ? 'it is a folder' : String(code ?? cause);
      throw new RegenError('config', `${name} can't be read: ${why}`, {
        cause,
        hint: 'make it a readable file',
      });
    }
    throw new RegenError('config', `${name} does not exist, and nothing says what to redo`, {
      cause,
      hint: 'run "regen init" to write a regen.yaml, or name one with --config FILE',
    });
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RegenError('config', `${name} is not UTF-8`, { cause, hint: 'save it as UTF-8' });
  }
}
