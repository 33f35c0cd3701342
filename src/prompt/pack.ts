/** What is sent for a pack: rules, task and documents as a prefix that all packs share, the blocks as its message. */
import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { enclose, encloseBlock, encloseDemand } from '../model/enclosure.js';
import type { Enclosed } from '../model/enclosure.js';
import { RegenError } from '../model/errors.js';
import type { Layer, PackedBlock, PackPrompt, Segment } from '../model/prompt.js';
import { isTaskFile } from '../model/prompt.js';
import { fillTemplate, placeholdersOf } from '../model/template.js';
import { hashOf } from '../system/content-hash.js';
import { promptFiles, readSegments } from './files.js';
import type { PromptFile } from './files.js';
import { packRules } from './pack-rules.js';

export interface PackQuestion {
  readonly target: string;
  readonly tree: BaseTree;
  readonly blocks: readonly PackedBlock[];
  /** In the prefix. */
  readonly references: readonly Enclosed[];
  /** In the message. */
  readonly passages: readonly Enclosed[];
}

export async function buildPack(
  config: Pick<Config, 'prompt'>,
  { target, tree, blocks, references, passages }: PackQuestion,
  signal: AbortSignal,
): Promise<PackPrompt> {
  // No file of a pack's prompt knows an item.
  const files = promptFiles({ ...config.prompt, item: [] }, target, '');
  const read = await readSegments(files.map(withoutItem), tree, signal);
  for (const { layer, source, text } of read) if (layer === 'task') ensureForAll(source, text);
  const of = (layer: Layer): Segment[] =>
    read
      .filter((segment) => segment.layer === layer)
      .map((segment) => ({ ...segment, text: enclose({ path: segment.source, text: segment.text }) }));
  const shared: Segment[] = [{ layer: 'static', source: 'working rules', text: packRules }, ...of('static')];
  // A part of their own: what stands before them is read from the cache by calls with and without them.
  const documents = references.map((text): Segment => ({
    layer: 'static',
    source: text.path,
    text: enclose(text),
  }));
  const own = [...of('target'), taskOf(config, read, target)];
  const parts = [shared, documents, own].filter(({ length }) => length > 0).map(join);
  const prefix = parts.join('\n\n');
  const message: Segment[] = [
    ...passages.map((text): Segment => ({ layer: 'task', source: text.path, text: enclose(text) })),
    ...blocks.map(blockSegment),
  ];
  return {
    parts,
    prefix,
    prefixHash: hashOf(prefix),
    message: join(message),
    segments: [...shared, ...documents, ...own, ...message],
  };
}

function withoutItem({ values, ...file }: PromptFile): PromptFile {
  return { ...file, values: 'target' in values ? { target: values['target'] } : {} };
}

/** What is filled in for an agent's one item has nothing to be filled with. */
function ensureForAll(source: string, text: string): void {
  const line = text.split('\n').findIndex((one) => placeholdersOf(one).includes('item'));
  if (line === -1) return;
  throw new RegenError('config', `${source}:${line + 1}: the task names {item}, and a pack has many`, {
    hint: 'Say it of every block: each carries its file’s path. Then commit and push the file.',
  });
}

/** The same for every pack of the target, and so a part of its prefix. */
function taskOf({ prompt }: Pick<Config, 'prompt'>, read: readonly Segment[], target: string): Segment {
  const file = isTaskFile(prompt.task) ? read.find(({ layer }) => layer === 'task') : undefined;
  const task = {
    path: file?.source ?? 'prompt.task',
    text: file?.text ?? fillTemplate(prompt.task, { target }),
  };
  return { layer: 'target', source: task.path, text: `# Task\n\n${enclose(task, 'task')}` };
}

function blockSegment({ id, text, path, context, shape, changeRequests }: PackedBlock): Segment {
  const demands = changeRequests.map((request) => `\n${encloseDemand(id, request)}`).join('');
  return {
    layer: 'item',
    source: `${path} (${id})`,
    text: `${encloseBlock({ id, text }, { of: path, in: context, form: shape })}${demands}`,
  };
}

function join(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join('\n\n');
}
