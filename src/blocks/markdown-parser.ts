import { parser, Table } from '@lezer/markdown';
import type { SyntaxNode, Tree } from '@lezer/common';
import { byteOrderMark, lineStop } from './lines.js';

export interface ParsedMarkdown {
  readonly tree: Tree;
  /** What the tree's offsets count in. */
  readonly source: string;
  /** The offset in the file of an offset in the tree. */
  readonly at: (offset: number) => number;
  readonly frontMatter: { readonly start: number; readonly end: number } | null;
}

/** CommonMark's blocks with GFM's tables and front matter; what is within a paragraph is not looked at. */
export function parseBlocks(text: string): ParsedMarkdown {
  const start = text.startsWith(byteOrderMark) ? 1 : 0;
  const end = frontMatterEnd(text, start);
  const { source, at } = readable(text, end ?? start);
  return { tree: blocksOnly.parse(source), source, at, frontMatter: end === null ? null : { start, end } };
}

/** What a heading says, without its marks, the addresses of its links and HTML. */
export function headingText(line: string): string {
  const { source } = readable(line, 0);
  const { topNode } = withInlines.parse(source);
  return said(topNode.firstChild ?? topNode, source)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Whether a paragraph shows pictures and says nothing. */
export function isOnlyImages(paragraph: string): boolean {
  if (!/^!?\[/.test(paragraph)) return false;
  const { source } = readable(paragraph, 0);
  const { firstChild: node } = withInlines.parse(source).topNode;
  return node?.name === 'Paragraph' && node.firstChild !== null && withoutImages(node, source).trim() === '';
}

/** The HTML in it: blocks and tags, one after the other. */
export function htmlOf(markdown: string): string {
  return cutOut(markdown, /^(?:HTMLBlock|CommentBlock|ProcessingInstructionBlock|HTMLTag|Comment)$/).join(
    '\n',
  );
}

/** Without fenced code, wherever it stands. */
export function withoutCode(markdown: string): string {
  if (!/```|~~~/.test(markdown)) return markdown;
  return cutOut(markdown, /^FencedCode$/).reduce(
    (rest, code) => rest.replace(code, () => ''),
    readable(markdown, 0).source,
  );
}

export interface TopBlock {
  /** The parser's: `Paragraph`. */
  readonly name: string;
  readonly text: string;
}

/** What stands at the top level. */
export function topBlocks(markdown: string): readonly TopBlock[] {
  const { source } = readable(markdown, 0);
  const found: TopBlock[] = [];
  for (let node = blocksOnly.parse(source).topNode.firstChild; node !== null; node = node.nextSibling)
    found.push({ name: node.name, text: source.slice(node.from, node.to) });
  return found;
}

function cutOut(markdown: string, nodes: RegExp): readonly string[] {
  const { source } = readable(markdown, 0);
  const found: string[] = [];
  withInlines.parse(source).iterate({
    enter: ({ name, from, to }) => {
      if (nodes.test(name)) found.push(source.slice(from, to));
    },
  });
  return found;
}

const inlines = [
  'Escape',
  'Entity',
  'InlineCode',
  'HTMLTag',
  'Emphasis',
  'HardBreak',
  'Link',
  'Image',
  'LinkEnd',
  'Autolink',
];
const blocksOnly = parser.configure([Table, { remove: inlines }]);
const withInlines = parser.configure([Table]);

/** Metadata between two lines of `---` or `+++`; without the second one the first is a rule. */
function frontMatterEnd(text: string, start: number): number | null {
  const fence = /^(?:---|\+\+\+)(?=[ \t]*[\r\n])/.exec(text.slice(start, lineStop(text, start) + 1))?.[0];
  if (fence === undefined) return null;
  let stop = lineStop(text, start);
  while (stop < text.length) {
    const next = stop + (text.startsWith('\r\n', stop) ? 2 : 1);
    stop = lineStop(text, next);
    if (text.slice(next, stop).trimEnd() === fence) return stop;
  }
  return null;
}

// Before a line end: its `\r`, and the blanks after a table's delimiter row, with which the parser takes it for none.
const superfluous = /\r(?=\n)|(?<![ \t])[ \t]+(?=\r?$)(?<=^[ \t>|]*:?-[-:| \t]*)/gm;

/** Text with the line ends that the parser knows, and the way back. */
function readable(text: string, from: number): Pick<ParsedMarkdown, 'source' | 'at'> {
  const left: { readonly at: number; readonly sum: number }[] = [];
  let sum = 0;
  const source = text
    .slice(from)
    .replace(superfluous, (blanks, offset: number) => {
      left.push({ at: offset - sum, sum: sum + blanks.length });
      sum += blanks.length;
      return '';
    })
    .replaceAll('\r', '\n');
  return { source, at: (offset) => from + offset + leftOutBefore(left, offset) };
}

function leftOutBefore(
  left: readonly { readonly at: number; readonly sum: number }[],
  offset: number,
): number {
  let [low, high] = [0, left.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((left[middle]?.at ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return left[low - 1]?.sum ?? 0;
}

function said(node: SyntaxNode, text: string): string {
  let words = '';
  let at = node.from;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    words += text.slice(at, child.from) + (silent.test(child.name) ? '' : said(child, text));
    at = child.to;
  }
  return words + text.slice(at, node.to);
}

const silent = /^(?:.*Mark|URL|LinkTitle|LinkLabel|HTMLTag|Comment)$/;

function withoutImages(node: SyntaxNode, text: string): string {
  let rest = '';
  let at = node.from;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    rest += text.slice(at, child.from);
    if (child.name === 'Link') rest += withoutImages(child, text);
    else if (!isPicture.test(child.name)) rest += text.slice(child.from, child.to);
    at = child.to;
  }
  return rest + text.slice(at, node.to);
}

// The marks, the address and the title of a link around a picture.
const isPicture = /^(?:Image|LinkMark|URL|LinkTitle|LinkLabel)$/;
