/** `regen init`: what a repository needs to begin. Nothing that is there is ever overwritten. */
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { RegenError } from '../model/errors.js';
import type { Surroundings } from '../model/surroundings.js';
import { createAtomically, replaceAtomically } from '../system/atomic-write.js';
import { isErrno } from '../system/errno.js';
import { readOptionalBytes } from '../system/read-optional.js';
import { configText } from './config-text.js';
import { addIgnoreEntries } from './ignore-entries.js';
import { guessLayout } from './layout.js';
import type { Layout } from './layout.js';
import { rubricText } from './rubric-text.js';
import { testCommand } from './test-command.js';
import { readTree } from './tree.js';
import type { Git } from './tree.js';

export interface InitRequest {
  /** `--config`; null: regen.yaml. */
  readonly config: string | null;
  /** The slash command's text. */
  readonly command: string;
  /** In the repository's root. */
  readonly git: Git;
}

export interface InitReport {
  readonly files: readonly InitFile[];
  /** What the user does next. */
  readonly next: string;
}

interface InitFile {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly action: 'written' | 'extended' | 'kept';
  readonly detail: string;
}

/** What regen writes in a repository and nobody commits. */
const ignored = ['.regen-plan.md', '.regen-history/', '.worktrees/', '.regen/'];

/** @throws RegenError `environment` when git can't be asked or a file can't be written. */
export async function initialise(
  { root }: Pick<Surroundings, 'root'>,
  { git, ...request }: InitRequest,
  signal: AbortSignal,
): Promise<InitReport> {
  const tree = await readTree(git, signal);
  const layout = guessLayout(tree.paths);
  const test = testCommand(tree.paths);
  const facts = {
    ...tree,
    layout,
    test: test ?? 'make test',
    isTestKnown: test !== null,
    schema: await localSchema(root),
  };
  const config = await create(root, {
    path: request.config ?? 'regen.yaml',
    text: configText(facts),
    detail: guessed(layout),
  });
  const files = [
    config,
    await ignore(root),
    await create(root, {
      path: '.claude/commands/regen.md',
      text: request.command,
      detail: 'the slash command /regen of Claude Code',
    }),
    await create(root, {
      path: 'prompts/rubric.yaml',
      text: rubricText,
      detail: 'a rubric, used once evaluate in regen.yaml names it',
    }),
  ];
  return { files, next: nextAction(config, layout) };
}

/** A package that has regen among its dependencies has the schema for editors, too. */
async function localSchema(root: string): Promise<string | null> {
  const file = 'node_modules/regen/regen.schema.json';
  const isThere = await access(path.join(root, file)).then(
    () => true,
    () => false,
  );
  return isThere ? `./${file}` : null;
}

async function create(
  root: string,
  file: { readonly path: string; readonly text: string; readonly detail: string },
): Promise<InitFile> {
  const { path: name, text, detail } = file;
  const isNew = await writing(name, async () => {
    const absolute = path.resolve(root, name);
    await mkdir(path.dirname(absolute), { recursive: true });
    return createAtomically(absolute, text, { isDurable: true });
  });
  return isNew
    ? { path: name, action: 'written', detail }
    : { path: name, action: 'kept', detail: 'it is there already' };
}

async function ignore(root: string): Promise<InitFile> {
  const name = '.gitignore';
  const file = path.join(root, name);
  const present = await writing(name, () => readOptionalBytes(file));
  const { bytes, added } = addIgnoreEntries(present ?? Buffer.alloc(0), ignored);
  if (added.length === 0) return { path: name, action: 'kept', detail: 'it has every entry' };
  const isDone = await writing(name, () =>
    present === null
      ? createAtomically(file, bytes, { isDurable: true })
      : replaceAtomically(file, bytes, present),
  );
  if (!isDone) return { path: name, action: 'kept', detail: 'somebody else was writing it; run init again' };
  return { path: name, action: present === null ? 'written' : 'extended', detail: added.join(', ') };
}

/** Says which file it was that couldn't be read or written. */
async function writing<T>(name: string, effect: () => Promise<T>): Promise<T> {
  try {
    return await effect();
  } catch (cause) {
    if (!isErrno(cause, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EISDIR', 'EEXIST')) throw cause;
    throw new RegenError('environment', `${name} can't be written: ${String(cause)}`, {
      hint: 'See what is in the way there; files written before it stay.',
      cause,
    });
  }
}

function guessed(layout: Layout | null): string {
  if (layout === null) return 'targets and items are only an example: nothing in the tree suggested any';
  const { targets, items } = layout.counts;
  return `targets and items are guessed: ${layout.items} (${targets} targets, ${items} items)`;
}

function nextAction(config: InitFile, layout: Layout | null): string {
  if (config.action === 'kept') return 'Run regen doctor.';
  const edit =
    layout === null ? 'Edit the lines marked EDIT' : 'Look over targets and items, and edit the task';
  return `${edit} in ${config.path}; then run regen doctor, and regen plan --dry-run.`;
}
