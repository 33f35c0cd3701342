/** A pack's surroundings in memory: real blocks, the worker's real judgement, and a plan that only counts its marks. */
import { applyResults } from '../../../src/blocks/apply.js';
import { splitFile } from '../../../src/blocks/split.js';
import { parseConfig } from '../../../src/config/parse.js';
import { blockItems } from '../../../src/model/block.js';
import type { BlockFile, BlockItem } from '../../../src/model/block.js';
import type { ItemState, PlanMarks } from '../../../src/model/plan.js';
import type { AgentOutcome } from '../../../src/model/agent.js';
import type { PackLine } from '../../../src/step/packs/context.js';
import type { Reply } from '../../../src/step/packs/settle.js';
import { readEntries } from '../../../src/worker/entries.js';
import { settle } from '../../../src/worker/settle.js';
import { at } from './packs.js';

export interface MemoryLine {
  readonly packLine: PackLine;
  readonly items: readonly BlockItem[];
  readonly states: Map<string, ItemState>;
  /** Every mark that was made. */
  readonly marks: (readonly [item: string, to: ItemState])[];
  readonly log: string[];
  readonly lines: string[];
}

interface Surrounding {
  readonly unchanged?: 'skip' | 'fail';
  /** Where notes of good work are kept; left out: nothing is marked. */
  readonly root?: string;
}

/** @param files - Markdown whose paragraphs are the items. */
export async function memoryLine(
  files: Readonly<Record<string, string>>,
  { unchanged = 'skip', root = '/nowhere' }: Surrounding = {},
): Promise<MemoryLine> {
  const source = { by: 'markdown', depth: 'blocks' } as const;
  const cut = Object.entries(files).map(async ([name, text]): Promise<BlockFile> => ({
    name,
    split: await splitFile(text, source, `${name}.md`),
  }));
  const blockFiles = await Promise.all(cut);
  const items = blockItems(blockFiles).filter(({ block }) => block.kind === 'paragraph');
  const states = new Map<string, ItemState>(items.map(({ id }) => [id, 'todo']));
  const marks: MemoryLine['marks'] = [];
  const log: string[] = [];
  const lines: string[] = [];
  const markAll = (edit: PlanMarks): Promise<readonly string[]> => {
    const done = edit.marks.filter(({ item, from }) => from.includes(states.get(item) ?? 'done'));
    for (const { item, to, log: text } of done) {
      states.set(item, to);
      marks.push([item, to]);
      if (text !== null) log.push(`${item}: ${text}`);
    }
    return Promise.resolve(done.map(({ item }) => item));
  };
  const read = () => Promise.resolve({ items: [...states].map(([id, state]) => ({ id, state })) });
  const packLine = {
    line: {
      config: { ...parseConfig(configText), items: { unchanged } },
      stations: {
        plans: { markAll, read },
        workspace: { tree: () => ({ entries: () => Promise.resolve([]) }) },
      },
      surroundings: { root, now: () => new Date(at), progress: (line: string) => lines.push(line) },
    },
    worker: { read: readEntries, settle, apply: applyResults },
    plan: { target: 'guide', created: '2026-05-02T13:50:00Z' },
    ...{ base: 'b', files: blockFiles },
    items: new Map(items.map((item) => [item.id, item])),
  } as unknown as PackLine; // settling a pack needs no more of it
  return { packLine, items, states, marks, log, lines };
}

const configText = `version: 1
engine: worker
targets: { list: [guide] }
items: { glob: '{item}.md', blocks: { markdown: blocks } }
prompt: { task: Shorten it. }
`;

/** What the model came to; numbers of the pack's items. */
export function replyOf(outcome: Extract<AgentOutcome, { kind: 'completed' | 'failed' }>): Reply {
  const tokens = { input: 500, output: 90, cacheRead: 1000, cacheWrite5m: 0, cacheWrite1h: 0 };
  const message = { id: 'm', model: 'haiku', tokens, isSidechain: false, isEstimate: false };
  return { outcome, messages: [message], characters: 700, prefix: { characters: 4200, tokens: 1200 } };
}

export function answered(results: readonly (readonly [id: string, result: unknown])[]): Reply {
  const structured = { results: results.map(([id, result]) => ({ id, result })) };
  return replyOf({ kind: 'completed', text: JSON.stringify(structured), structured });
}

/** Cut off at that many characters. */
export function cutAt(results: readonly (readonly [id: string, result: unknown])[], length: number): Reply {
  const text = JSON.stringify({ results: results.map(([id, result]) => ({ id, result })) });
  return replyOf({
    kind: 'failed',
    failure: 'max_tokens',
    detail: 'at its limit',
    text: text.slice(0, length),
  });
}
