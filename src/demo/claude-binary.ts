/** Which Claude Code the demo runs. */
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import * as z from 'zod';
import { RegenError } from '../model/errors.js';

/**
 * The one that is installed beside regen, else the one on the PATH.
 *
 * @throws RegenError `environment` when there is neither.
 */
export async function findClaude(path: string): Promise<string> {
  const candidates = [
    await installedBinary(),
    ...path.split(delimiter).map((folder) => (folder === '' ? null : join(folder, 'claude'))),
  ];
  for (const candidate of candidates) {
    if (candidate !== null && (await isExecutable(candidate))) return candidate;
  }
  throw new RegenError('environment', 'the demo found no Claude Code, neither beside regen nor on the PATH', {
    hint: 'Run "npm ci" in a clone of regen, or install Claude Code. The demo needs no account.',
  });
}

const manifest = z.object({ bin: z.object({ claude: z.string() }) });

async function installedBinary(): Promise<string | null> {
  try {
    const file = createRequire(import.meta.url).resolve('@anthropic-ai/claude-code/package.json');
    const { bin } = manifest.parse(JSON.parse(await readFile(file, 'utf8')));
    return join(dirname(file), bin.claude);
  } catch {
    return null; // a development dependency: users bring their own
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
