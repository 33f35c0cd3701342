/** The program under test, pinned: sources may be edited and rebuilt while a long run is under way. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Orders } from './orders.js';

export interface Program extends AsyncDisposable {
  /** The copy's `cli.js`. */
  readonly cli: string;
  /** Whether it knows `--no-wait-state`. */
  readonly canSkipWaits: boolean;
  /** What makes a process of it follow the orders. */
  env(orders: Orders | null): Record<string, string>;
}

/** The build of this checkout. */
const ownBuild = fileURLToPath(new URL('../../dist', import.meta.url));

/** Copies a build, and bundles the preload. */
export async function pinProgram(dist = ownBuild): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), 'regen-chaos-program-'));
  await cp(dist, path.join(folder, 'dist'), { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}\n');
  const preload = path.join(folder, 'preload.mjs');
  const source = fileURLToPath(new URL('preload.ts', import.meta.url));
  await build({ entryPoints: [source], outfile: preload, format: 'esm', platform: 'node', target: 'node20' });
  const cli = path.join(folder, 'dist', 'cli.js');
  const { stdout: help } = await promisify(execFile)(process.execPath, [cli, '--help']);
  return {
    cli,
    canSkipWaits: help.includes('--no-wait-state'),
    env: (orders) =>
      orders === null
        ? {}
        : { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`, REGEN_CHAOS: JSON.stringify(orders) },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
