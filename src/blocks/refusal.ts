/** Why a result is not written: in the words of what would have become of the file. Pure. */
import type { Block, BlockKind, SplitFile, Unfit } from '../model/block.js';
import { linesOf } from './lines.js';
import { restOfMdx } from './mdx.js';
import type { Region, Splitter } from './region.js';

/** A block and what was to stand in its place. */
export interface Answered {
  readonly block: Block;
  readonly writing: string;
}

export function refusal(file: SplitFile, answered: Answered, splitter: Splitter): Unfit {
  const { block, writing } = answered;
  const alone = faultAlone(file, answered, splitter);
  return { kind: 'unfit', key: block.key, reason: alone ?? faultInPlace(file, block, writing) };
}

/** What an answer in Markdown is by itself, when that isn't one block like the one it replaces; null when it is. */
export function faultAlone(file: SplitFile, { block, writing }: Answered, splitter: Splitter): string | null {
  // Without its indentation, indented code is anything; what goes on with something begins nothing.
  if (file.source.by !== 'markdown' || notByItself.has(block.shape)) return null;
  const { regions } = splitter.split(shown(block, writing));
  const [only] = regions;
  if (regions.length === 1 && only?.shape === block.shape) return null;
  if (regions.length === 1 && only?.kind === block.kind)
    return `would be ${only.shape} where ${block.shape} was`;
  return `would be ${counted(regions)} where ${withArticle(nouns[block.kind])} was`;
}

const notByItself: ReadonlySet<string> = new Set(['indented code', restOfMdx]);

function faultInPlace({ source }: SplitFile, { fit, kind }: Block, writing: string): string {
  const close = fit.delimiters?.[1] ?? '';
  if (close !== '' && writing.includes(close)) return `contains ${close}, which ends its ${kind}`;
  switch (source.by) {
    case 'markdown':
      return 'would run into its neighbours, or take in what follows';
    case 'code':
      return kind === 'docstring'
        ? 'would end elsewhere than its docstring does'
        : 'would not be one declaration of that name, or no valid code';
    case 'pattern':
      return 'would make the pattern match elsewhere';
    case 'file':
      return 'would not be one file';
  }
}

/** A block's text without its margin. */
export function shown({ fit }: Block, writing: string): string {
  const lines = linesOf(writing);
  const blank = fit.margin.trimEnd();
  return lines
    .map((line) => {
      if (line.startsWith(fit.margin)) return line.slice(fit.margin.length);
      return line.trimEnd() === blank ? '' : line;
    })
    .join('\n');
}

/** `a heading and 2 paragraphs`. */
function counted(regions: readonly Region[]): string {
  if (regions.length === 0) return 'nothing';
  const counts = new Map<string, number>();
  for (const { kind } of regions) counts.set(nouns[kind], (counts.get(nouns[kind]) ?? 0) + 1);
  const parts = [...counts].map(([noun, count]) => (count === 1 ? withArticle(noun) : `${count} ${noun}s`));
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');
}

function withArticle(noun: string): string {
  return `${/^[aeiou]|^HTML/.test(noun) ? 'an' : 'a'} ${noun}`;
}

const nouns: Readonly<Record<BlockKind, string>> = {
  file: 'file',
  section: 'section',
  frontmatter: 'front matter block',
  heading: 'heading',
  paragraph: 'paragraph',
  image: 'image',
  list: 'list',
  quote: 'quote',
  code: 'code block',
  table: 'table',
  html: 'HTML block',
  definition: 'link definition',
  rule: 'thematic break',
  docstring: 'docstring',
  function: 'function',
  class: 'class',
  match: 'match',
};
