/** Markdown as blocks: what stands at the top level, or the leaves in lists and quotes as well. */
import type { SyntaxNode } from '@lezer/common';
import type { BlockKind } from '../model/block.js';
import { marginLayout, noMargin } from './layout.js';
import type { Margin } from './layout.js';
import { lineStart, trimmedRange } from './lines.js';
import { createOutline } from './markdown-keys.js';
import type { Outline } from './markdown-keys.js';
import { markdownObjection } from './markdown-objection.js';
import { headingText, isOnlyImages, parseBlocks } from './markdown-parser.js';
import type { ParsedMarkdown } from './markdown-parser.js';
import { isMdx, mdxReader } from './mdx.js';
import type { Region, Splitter } from './region.js';

export function markdownSplitter(depth: 'blocks' | 'leaves', path: string): Splitter {
  return {
    split: (text) => ({ regions: markdownRegions(text, depth, path), faults: 0 }),
    objection: (_text, block, written) => markdownObjection(block, written, path),
  };
}

/** Front matter as a region: it has no neighbour that could be part of it. */
export function frontMatterRegion(
  text: string,
  range: { readonly start: number; readonly end: number },
): Region {
  const layout = marginLayout({ text, ...range }, noMargin);
  return { key: 'frontmatter', kind: 'frontmatter', shape: 'frontmatter', layout, ...range };
}

interface Walk {
  readonly text: string;
  readonly parsed: ParsedMarkdown;
  readonly depth: 'blocks' | 'leaves';
  readonly outline: Outline;
  readonly regions: Region[];
  readonly mdx: ReturnType<typeof mdxReader> | null;
}

function markdownRegions(text: string, depth: 'blocks' | 'leaves', path: string): readonly Region[] {
  const parsed = parseBlocks(text);
  const { frontMatter } = parsed;
  const regions = frontMatter === null ? [] : [frontMatterRegion(text, frontMatter)];
  const mdx = isMdx(path) ? mdxReader(text) : null;
  visitChildren({ text, parsed, depth, outline: createOutline(), regions, mdx }, parsed.tree.topNode);
  return regions;
}

/** The children of a node that are still to come. */
interface Level {
  node: SyntaxNode | null;
  /** The list item or the quote that they are in. */
  readonly within: string | null;
  /** Whether the next one is the first of its list item. */
  isItem: boolean;
}

/** Top-down with a list of what is to come, for quotes may be nested deeper than calls can be. */
function visitChildren(walk: Walk, top: SyntaxNode): void {
  const open: Level[] = [{ node: top.firstChild, within: null, isItem: false }];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const { node } = level;
    if (node === null) {
      open.pop();
      continue;
    }
    level.node = node.nextSibling;
    const kind = kinds[node.name];
    if (kind === undefined) continue;
    if (kind === 'item' || (isContainer(kind) && walk.depth === 'leaves' && open.length < deepest)) {
      const within = walk.outline.next(kind, level.within);
      open.push({ node: node.firstChild, within, isItem: kind === 'item' });
    } else {
      walk.regions.push(regionOf(walk, node, { kind, within: level.within, isFirstOfItem: level.isItem }));
    }
    level.isItem = false;
  }
}

function isContainer(kind: BlockKind): boolean {
  return kind === 'list' || kind === 'quote';
}

/** Further down a list or a quote is a block as a whole: nobody writes so, and names would grow without end. */
const deepest = 24;

interface Found {
  readonly kind: BlockKind;
  /** The list item or the quote that it is in. */
  readonly within: string | null;
  readonly isFirstOfItem: boolean;
}

function regionOf(walk: Walk, node: SyntaxNode, parsedAs: Found): Region {
  const { text, parsed, outline } = walk;
  const { start, end } = trimmedRange(text, parsed.at(node.from), parsed.at(node.to));
  const own = text.slice(start, end);
  const mdx = parsedAs.within === null ? (walk.mdx?.({ ...parsedAs, start, end }) ?? null) : null;
  const found = mdx === null ? parsedAs : { ...parsedAs, kind: mdx.kind };
  const heading = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1];
  if (heading !== undefined && found.within === null) outline.enter(Number(heading), headingText(own));
  const kind = found.kind === 'paragraph' && isOnlyImages(own) ? 'image' : found.kind;
  return {
    key: keyOf(outline, found),
    kind,
    start,
    end,
    shape: mdx?.shape ?? shapeOf(node, { kind: found.kind, heading, source: parsed.source }),
    context: outline.context(),
    layout: marginLayout({ text, start, end }, marginOf(walk, node, start)),
  };
}

// An item's first paragraph goes by the item's name, so that a second one doesn't change it.
function keyOf(outline: Outline, { kind, within, isFirstOfItem }: Found): string {
  if (kind === 'heading' && within === null) return outline.headingKey();
  const key = outline.next(kind, within);
  return isFirstOfItem && kind === 'paragraph' && within !== null ? within : key;
}

/** What the lines after the first begin with: the signs of quotes, and the width of everything else before the first. */
function marginOf(walk: Walk, node: SyntaxNode, start: number): Margin {
  const isWithin = node.parent?.name !== 'Document';
  // Spaces before HTML may be less in its later lines; a list or a quote as a whole keeps its own.
  if (!isWithin && !indented.has(node.name)) return noMargin;
  const before = walk.text.slice(lineStart(walk.text, start), start);
  const margin = before.replaceAll(/[^>\s]/g, ' ');
  return { text: margin, strip: (line) => withoutMargin(line, margin) };
}

const indented: ReadonlySet<string> = new Set(['CodeBlock', 'FencedCode']);

/** A line may have less: `>` without its blank, or none at all where a paragraph goes on lazily. */
function withoutMargin(line: string, margin: string): string {
  let at = 0;
  for (const sign of margin) {
    if (sign !== '>') {
      if (line[at] === ' ' || line[at] === '\t') at += 1;
      continue;
    }
    const mark = line.slice(at).search(/\S/);
    if (mark === -1 || line[at + mark] !== '>') break;
    at += mark + 1;
  }
  return line.slice(at);
}

interface Written {
  readonly kind: BlockKind;
  readonly heading: string | undefined;
  readonly source: string;
}

function shapeOf(node: SyntaxNode, { kind, heading, source }: Written): string {
  if (heading !== undefined) return `a heading of level ${heading}`;
  if (kind === 'table') return tableShape(node, source);
  return node.name === 'CodeBlock' ? 'indented code' : kind;
}

/** A row that is cut in two has fewer cells, or no bar at one of its ends. */
function tableShape(node: SyntaxNode, source: string): string {
  const rows = [...node.getChildren('TableHeader'), ...node.getChildren('TableRow')];
  const widths = rows.map((row) => row.getChildren('TableCell').length);
  const columns = widths[0] ?? 0;
  const even = widths.every((width) => width === columns) ? 'an even' : 'an uneven';
  const isClosed = rows.every((row) => /^\|[^]*\|\s*$/.test(source.slice(row.from, row.to)));
  return `${even} table of ${columns} columns${isClosed ? ' between bars' : ''}`;
}

const kinds: Readonly<Record<string, BlockKind | 'item'>> = {
  ATXHeading1: 'heading',
  ATXHeading2: 'heading',
  ATXHeading3: 'heading',
  ATXHeading4: 'heading',
  ATXHeading5: 'heading',
  ATXHeading6: 'heading',
  SetextHeading1: 'heading',
  SetextHeading2: 'heading',
  Paragraph: 'paragraph',
  BulletList: 'list',
  OrderedList: 'list',
  ListItem: 'item',
  Blockquote: 'quote',
  FencedCode: 'code',
  CodeBlock: 'code',
  Table: 'table',
  HTMLBlock: 'html',
  CommentBlock: 'html',
  ProcessingInstructionBlock: 'html',
  LinkReference: 'definition',
  HorizontalRule: 'rule',
};
