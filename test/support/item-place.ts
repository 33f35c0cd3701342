/** A folder that passes for a repository with one item's worktree; no git in it. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Attempt } from '../../src/model/attempt.js';
import type { Config } from '../../src/model/config.js';
import { configSchema } from '../../src/model/config-schema.js';
import type { BaseCheckout } from '../../src/model/base-checkout.js';
import type { Surroundings } from '../../src/model/surroundings.js';

export interface TestPlace {
  readonly root: string;
  readonly cwd: string;
  readonly attempt: Attempt;
  readonly round: number;
  readonly artifacts: string;
  readonly before: readonly string[];
  readonly base: BaseCheckout;
  isOwn(path: string): boolean;
  /** How often a worktree of the base was made, and removed. */
  readonly baseUses: { opened: number; closed: number };
  readonly surroundings: Surroundings;
  /** What was said to the person. */
  readonly said: readonly string[];
  cleanup(): Promise<void>;
}

export async function makePlace(
  files: Readonly<Record<string, string>> = {},
  own: {
    readonly env?: Readonly<Record<string, string>>;
    readonly ref?: { target: string; item: string };
    /** The base's files. */
    readonly base?: Readonly<Record<string, string>>;
  } = {},
): Promise<TestPlace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'regen-place-')));
  const cwd = join(root, '.worktrees', 'item');
  const directory = join(root, '.regen', 'runs', 'attempt');
  const said: string[] = [];
  await mkdir(cwd, { recursive: true });
  await writeFiles(cwd, files);
  const baseUses = { opened: 0, closed: 0 };
  const baseFolder = join(root, '.worktrees', 'item..base');
  return {
    root,
    cwd,
    round: 0,
    artifacts: join(directory, 'artifacts'),
    before: [],
    baseUses,
    isOwn: (file) => file === 'own/altair.py',
    base: {
      key: () => Promise.resolve('base'),
      async open() {
        baseUses.opened += 1;
        await mkdir(baseFolder, { recursive: true });
        await writeFiles(baseFolder, own.base ?? {});
        return baseFolder;
      },
      async close() {
        baseUses.closed += 1;
        await rm(baseFolder, { recursive: true });
      },
    },
    attempt: {
      target: own.ref?.target ?? 'scatter-basic',
      item: own.ref?.item ?? 'altair',
      uuid: crypto.randomUUID(),
      number: 1,
      plan: '20260502T135000Z',
      base: '1f3c9ab0e4d2c5b6a7988796a5b4c3d2e1f00112',
      sessionId: crypto.randomUUID(),
      directory,
    },
    surroundings: {
      root,
      env: { PATH: process.env['PATH'], ...own.env },
      now: () => new Date('2026-05-02T14:02:11.500Z'),
      newId: () => crypto.randomUUID(),
      progress: (line) => said.push(line),
    },
    said,
    cleanup: () => rm(root, { recursive: true, force: true }),
  };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A config with everything at its default but what is given. */
export function configWith(own: Readonly<Record<string, unknown>>): Config {
  return configSchema.parse({
    version: 1,
    targets: { list: ['scatter-basic'] },
    items: { list: ['altair'] },
    prompt: { task: 'Redo it.' },
    ...own,
  });
}
