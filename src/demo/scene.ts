/** Where the demo plays: one temporary folder that holds everything, and two servers on loopback. */
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Surroundings } from '../model/surroundings.js';
import { sweep } from '../system/sweep.js';
import { author } from './author.js';
import { catalogFiles } from './catalog/files.js';
import { repository } from './catalog/regen-yaml.js';
import { findClaude } from './claude-binary.js';
import type { CliPlace } from './cli-process.js';
import { startLoopbackForge, type LoopbackForge } from './forge.js';
import { startScriptedModel, type ScriptedModel } from './model/server.js';
import { createSampleRepository } from './repository.js';

/** What the demo needs of the outside: it runs in no repository. */
export type DemoSurroundings = Pick<Surroundings, 'env' | 'now' | 'newId'>;

export interface DemoScene {
  /** The temporary folder. */
  readonly folder: string;
  /** The sample repository's checkout. */
  readonly root: string;
  /** The Claude Code binary that takes part. */
  readonly claude: string;
  readonly place: CliPlace;
  readonly forge: LoopbackForge;
  readonly model: ScriptedModel;
}

/**
 * Sets everything up, plays, and clears it away again, whatever happened. With `keep` the folder stays; servers and
 * processes never do.
 */
export async function withScene<Result>(
  surroundings: DemoSurroundings,
  play: (scene: DemoScene) => Promise<Result>,
  options: { readonly keep: boolean },
  signal: AbortSignal,
): Promise<Result> {
  const claude = await findClaude(surroundings.env['PATH'] ?? '');
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'regen-demo-')));
  const cleanups: (() => Promise<void>)[] = [() => (options.keep ? Promise.resolve() : removeFolder(folder))];
  try {
    const model = await startScriptedModel({ script: author, ...clockOf(surroundings) });
    cleanups.push(() => model.close());
    const forge = await startLoopbackForge({ ...repository, token: 'demo-forge-token' });
    cleanups.push(() => forge.close());
    const place = await preparePlace({ folder, claude, model, forge, path: surroundings.env['PATH'] ?? '' });
    cleanups.push(async () => {
      await sweep(place.marker);
    });
    const { root } = await createSampleRepository(folder, catalogFiles(), place.env, signal);
    return await play({ folder, root, claude, place: { ...place, cwd: root }, forge, model });
  } finally {
    for (const cleanUp of cleanups.reverse()) await cleanUp();
  }
}

function clockOf(surroundings: DemoSurroundings): Pick<Surroundings, 'now' | 'newId'> {
  return { now: () => surroundings.now(), newId: () => surroundings.newId() };
}

interface Parts {
  readonly folder: string;
  readonly claude: string;
  readonly model: ScriptedModel;
  readonly forge: LoopbackForge;
  readonly path: string;
}

/** A scratch home, `claude` under its usual name, and an environment in which nothing leads out of the folder. */
async function preparePlace({ folder, claude, model, forge, path }: Parts): Promise<CliPlace> {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  const bin = join(folder, 'bin');
  await Promise.all([home, temporary, bin].map((name) => mkdir(name)));
  await symlink(claude, join(bin, 'claude'));
  await writeFile(join(home, '.gitconfig'), '[user]\n\tname = Demo\n\temail = demo@example.invalid\n');
  const env = {
    PATH: [bin, dirname(process.execPath), path].join(delimiter),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    TMPDIR: temporary,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'demo-model-key',
    GITHUB_API_URL: forge.apiUrl,
    GITHUB_TOKEN: forge.token,
    NO_COLOR: '1',
  };
  return { cwd: folder, env, marker: `TMPDIR=${temporary}` };
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
