import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { splitFile } from '../../src/blocks/split.js';
import { ownTools } from '../../src/mcp/own-tools.js';
import type { OwnToolPorts } from '../../src/mcp/own-tools.js';
import type { Tool } from '../../src/mcp/tool.js';
import { blockItems, blockKinds } from '../../src/model/block.js';
import type { BlockFile } from '../../src/model/block.js';
import { openBridge } from '../../src/worker/bridge.js';
import { answerSchema } from '../../src/worker/entries.js';

const never = new AbortController().signal;

async function fileOf(name: string, text: string): Promise<BlockFile> {
  return { name, split: await splitFile(text, { by: 'markdown', depth: 'blocks' }, `docs/${name}.md`) };
}

const guide = () => fileOf('guide', '# Guide\n\nWhat it is.\n\n## Usage\n\nHow to.\n\n- one\n- two\n');
const faq = () => fileOf('faq', '# Questions\n\nWhy?\n');

function toolsFor(files: readonly BlockFile[], more: Partial<OwnToolPorts> = {}) {
  const todo = new Set(blockItems(files).map(({ id }) => id));
  const tools = ownTools({
    isIsolated: false,
    items: () => Promise.resolve(blockItems(files)),
    asked: () => Promise.resolve([]),
    todo: () => Promise.resolve(todo),
    attempts: () => Promise.resolve([]),
    log: () => Promise.resolve([]),
    references: null,
    ...more,
  });
  return { tools, todo };
}

async function call(tools: readonly Tool[], name: string, input: unknown = {}): Promise<unknown> {
  const tool = tools.find(({ definition }) => definition.name === name);
  const answer = await tool?.call(input, never);
  return answer?.isError === true ? `error: ${answer.text}` : JSON.parse(answer?.text ?? 'null');
}

interface Page {
  readonly blocks: readonly { readonly id: string; readonly text: string; readonly isCut?: true }[];
  readonly next: string | null;
  readonly left: number;
}

describe('our own tools for the worker’s model', () => {
  it('are the same whatever they look at, and without references nothing is searched', async () => {
    const { tools } = toolsFor([]);
    const { tools: more } = toolsFor([await guide()], { references: () => Promise.resolve([]) });

    const names = ['get_block_batch', 'get_schema_for_block_type', 'lookup_previous_results'];
    expect(tools.map(({ definition }) => definition.name)).toEqual(names);
    expect(more.map(({ definition }) => definition.name)).toEqual([...names, 'search_style_rules']);
    expect(more.slice(0, 3).map(({ definition }) => definition)).toEqual(
      tools.map(({ definition }) => definition),
    );
  });

  it('have the sizes that docs/mcp.md tells, and the tokens that follow', async () => {
    const page = await readFile(new URL('../../docs/mcp.md', import.meta.url), 'utf8');
    const { tools: own } = toolsFor([], { references: () => Promise.resolve([]) });
    await using bridge = await openBridge({ servers: {}, own, env: {}, cwd: '.', version: '1.0.0' }, never);

    for (const tool of bridge.tools) {
      const size = JSON.stringify(tool).length;
      expect(page).toContain(`| \`${tool.name}\` | ${size} | ${Math.ceil(size / 3.5)} |`);
    }
  });

  it('look an item’s past up by its id', async () => {
    const { tools } = toolsFor([]);
    const lookup = tools[2];

    expect(await lookup?.call({ item: 'guide#usage' }, never)).toEqual({
      text: 'Nothing is known of earlier work at guide#usage.',
    });
    expect(await lookup?.call({}, never)).toEqual({
      text: 'lookup_previous_results takes {"item": text} here: which one is it about?',
      isError: true,
    });
  });
});

describe('lookup_previous_results', () => {
  it('takes the number that the message gives a block, and an id as well', async () => {
    const { tools } = toolsFor([], {
      asked: () => Promise.resolve(['guide#usage', '1']),
      attempts: (item) => {
        const past = { number: 2, at: '2026-05-02', isCurrent: false, end: `too long: ${item}`, rounds: [] };
        return Promise.resolve(item === '3' ? null : [past]);
      },
    });
    const look = (item: string) => tools[2]?.call({ item }, never);

    expect(await look('1')).toEqual({
      text: 'Block 1 is guide#usage.\n# Attempt 2 (2026-05-02): too long: guide#usage',
    });
    expect(await look('2')).toEqual({
      text: 'Block 2 is 1.\n# Attempt 2 (2026-05-02): too long: 1',
    });
    expect(await look('guide#usage/1')).toEqual({
      text: '# Attempt 2 (2026-05-02): too long: guide#usage/1',
    });
    expect(await look('3')).toEqual({ text: '"3" is no item of this target.', isError: true });
  });
});

describe('get_block_batch', () => {
  it('tells the blocks that are still to be done, with what places them', async () => {
    const { tools, todo } = toolsFor([await guide(), await faq()]);
    todo.delete('guide#1');

    expect(await call(tools, 'get_block_batch', { kind: 'paragraph' })).toEqual({
      blocks: [
        { id: 'guide#usage/1', kind: 'paragraph', where: 'docs/guide.md > Guide > Usage', text: 'How to.' },
        { id: 'faq#1', kind: 'paragraph', where: 'docs/faq.md > Questions', text: 'Why?' },
      ],
      next: null,
      left: 0,
    });
    expect(await call(tools, 'get_block_batch', { file: 'docs/faq.md' })).toEqual(
      await call(tools, 'get_block_batch', { file: 'faq' }),
    );
  });

  it('goes on after a block, also when that one is done by now', async () => {
    const { tools, todo } = toolsFor([await guide()]);

    const first = (await call(tools, 'get_block_batch', { count: 2 })) as Page;
    todo.delete(first.next ?? '');
    const second = (await call(tools, 'get_block_batch', { after: first.next })) as Page;

    expect([first.blocks.length, first.left]).toEqual([2, todo.size - 1]);
    expect([...first.blocks, ...second.blocks].map(({ id }) => id)).toEqual(
      blockItems([await guide()]).map(({ id }) => id),
    );
    expect([second.next, second.left]).toEqual([null, 0]);
  });

  it('is never longer than a page, however long the blocks are', async () => {
    const paragraph = 'He said "no".\\ '.repeat(40).trim();
    const long = `${'"'.repeat(9000)} end`;
    const files = [await fileOf('a', [long, ...Array.from({ length: 60 }, () => paragraph)].join('\n\n'))];
    const { tools } = toolsFor(files);

    const pages: Page[] = [];
    for (let after: string | null | undefined; after !== null; after = pages.at(-1)?.next) {
      const batch = tools[0]?.call({ count: 40, ...(after === undefined ? {} : { after }) }, never);
      const { text = '' } = (await batch) ?? {};
      expect(text.length).toBeLessThanOrEqual(8000);
      pages.push(JSON.parse(text) as Page);
    }

    const told = pages.flatMap(({ blocks }) => blocks);
    expect(told.map(({ id }) => id)).toEqual(blockItems(files).map(({ id }) => id));
    expect(told.filter(({ isCut }) => isCut).map(({ id }) => id)).toEqual([blockItems(files)[0]?.id]);
    expect(told[1]?.text).toBe(paragraph);
  });

  it('says so when nothing is left', async () => {
    const { tools, todo } = toolsFor([await guide()]);
    todo.clear();

    expect(await call(tools, 'get_block_batch')).toEqual({ blocks: [], next: null, left: 0 });
  });

  it.each([
    [{ kind: 'paragraf' }, '"paragraf" is no kind of block. Did you mean "paragraph"?'],
    [{ file: 'docs/guid.md' }, '"docs/guid.md" is no file of this target. Did you mean "docs/guide.md"?'],
    [
      { after: 'nowhere' },
      '"nowhere" is no block. There are: guide#guide, guide#1, guide#usage, guide#usage/1, guide#usage/list-1.',
    ],
    [{ count: 41 }, 'get_block_batch takes {"file"?, "kind"?, "after"?: texts, "count"?: 1 to 40}.'],
  ])('refuses %j', async (input, words) => {
    const { tools } = toolsFor([await guide()]);

    expect(await call(tools, 'get_block_batch', input)).toBe(`error: ${words}`);
  });

  it('tells nothing where items are kept from each other', async () => {
    const { tools } = toolsFor([await guide()], {
      isIsolated: true,
      items: () => Promise.reject(new Error('read')),
    });

    expect(await call(tools, 'get_block_batch')).toBe(
      'error: Items are solved independently of each other: work with what you were given.',
    );
    expect(await call(tools, 'get_schema_for_block_type', { kind: 'heading' })).not.toHaveProperty(
      'blocksInTarget',
    );
  });
});

describe('get_schema_for_block_type', () => {
  it('tells the entry, its form, and which shapes the target has', async () => {
    const { tools } = toolsFor([await guide()]);

    expect(await call(tools, 'get_schema_for_block_type', { kind: 'heading' })).toEqual({
      kind: 'heading',
      entry: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          result: {
            type: ['string', 'null'],
            description: 'One heading of the same level. null leaves the block as it is.',
          },
        },
        required: ['id', 'result'],
        additionalProperties: false,
      },
      blocksInTarget: 2,
      shapesInTarget: ['a heading of level 1', 'a heading of level 2'],
    });
    expect(await call(tools, 'get_schema_for_block_type', { kind: 'paragraph' })).not.toHaveProperty(
      'shapesInTarget',
    );
  });

  it('tells of every kind the entry that the answer’s schema asks for', async () => {
    const { tools } = toolsFor([]);
    const { properties } = answerSchema as { properties: { results: { items: object } } };

    for (const kind of blockKinds) {
      const told = (await call(tools, 'get_schema_for_block_type', { kind })) as { entry: object };
      const plain: unknown = JSON.parse(JSON.stringify(told.entry), (key, value: unknown) =>
        key === 'description' ? undefined : value,
      );
      expect(plain).toEqual(properties.results.items);
    }
  });

  it('refuses a kind that there is none of', async () => {
    const { tools } = toolsFor([]);

    expect(await call(tools, 'get_schema_for_block_type', { kind: 'caption' })).toBe(
      `error: "caption" is no kind of block. There are: ${blockKinds.join(', ')}.`,
    );
  });
});
