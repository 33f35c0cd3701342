/** `get_schema_for_block_type`: what an answer's entry looks like, and what its result may be for that kind of block. */
import * as z from 'zod';
import { blockKinds } from '../model/block.js';
import type { BlockItem, BlockKind } from '../model/block.js';
import { cut } from '../model/excerpt.js';
import { isKind, unknownText } from './block-batch.js';
import type { BlockShelf } from './block-batch.js';
import { blockDefinitions } from './block-definitions.js';
import { refusal } from './tool.js';
import type { Tool } from './tool.js';

const inputSchema = z.object({ kind: z.string() });

export function createBlockSchema(shelf: Pick<BlockShelf, 'items' | 'isIsolated'>): Tool {
  let all: readonly BlockItem[] | null = null;
  return {
    definition: blockDefinitions.get_schema_for_block_type,
    async call(input, signal) {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success) return refusal('get_schema_for_block_type takes {"kind": text}.');
      const { kind } = parsed.data;
      if (!isKind(kind)) return refusal(unknownText('kind of block', kind, blockKinds));
      all ??= shelf.isIsolated ? [] : await shelf.items(signal);
      return { text: JSON.stringify(schemaOf(kind, all)) };
    },
  };
}

/** Their shapes say what each of them is called, and no more. */
const named: ReadonlySet<BlockKind> = new Set(['docstring', 'function', 'class']);

/** Shapes that are told at most. */
const mostShapes = 12;

/** Pure. */
function schemaOf(kind: BlockKind, all: readonly BlockItem[]): object {
  const own = all.filter(({ block }) => block.kind === kind);
  const shapes = named.has(kind) ? [] : [...new Set(own.map(({ block }) => block.shape))];
  return {
    kind,
    entry: {
      type: 'object',
      properties: { id: { type: 'string' }, result: { type: ['string', 'null'], description: forms[kind] } },
      required: ['id', 'result'],
      additionalProperties: false,
    },
    ...(own.length === 0 ? {} : { blocksInTarget: own.length }),
    ...(shapes.every((shape) => shape === kind)
      ? {}
      : { shapesInTarget: shapes.slice(0, mostShapes).map((shape) => cut(shape, 200)) }),
  };
}

const keep = 'null leaves the block as it is.';

/** What keeps the file cut as it is, see src/blocks/: a result that doesn't is not written. */
const forms: Readonly<Record<BlockKind, string>> = {
  file: `The whole text of the file. ${keep}`,
  section: `The whole section: its heading on the same level, if it has one, and no other heading of that level or above. ${keep}`,
  frontmatter: `The whole front matter, with the lines that open and close it. ${keep}`,
  heading: `One heading of the same level. ${keep}`,
  paragraph: `One paragraph: no blank line within it, and nothing that begins a list, a quote or a heading. ${keep}`,
  image: `One paragraph of images alone. ${keep}`,
  list: `One list. ${keep}`,
  quote: `One quote, each of its paragraphs behind its sign. ${keep}`,
  code: `One block of code, with its fence or its indentation. ${keep}`,
  table: `One table of the same number of columns, its rows as even and as closed by bars as they were. ${keep}`,
  html: `One block of HTML. ${keep}`,
  definition: `One definition of a link. ${keep}`,
  rule: `One line that divides. ${keep}`,
  docstring: `The text of the documentation alone, without quotes, comment signs and indentation. ${keep}`,
  function: `The whole function, under the same name. ${keep}`,
  class: `The whole declaration, under the same name. ${keep}`,
  match: `The text in place of the block, such that the pattern still matches there and nowhere else. ${keep}`,
};
