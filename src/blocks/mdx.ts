/** What in an .mdx file is code or tags, though Markdown's parser takes it for paragraphs. Pure. */
import type { BlockKind } from '../model/block.js';
import { linesOf } from './lines.js';
import { topBlocks } from './markdown-parser.js';
import type { TopBlock } from './markdown-parser.js';
import { isOpenCode, scanMdx } from './mdx-scan.js';

export function isMdx(path: string): boolean {
  return /\.mdx$/i.test(path);
}

export interface MdxPart {
  readonly kind: 'code' | 'html';
  readonly shape: string;
}

/** A part of the file as the parser has it. */
export interface ParsedPart {
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
}

/** Parts that by themselves are something else than in their place. */
export const restOfMdx = 'the rest of MDX code or tags';

/** Told of the parts at the top level one after the other; says which are MDX. What goes on after blank lines does so as far as a heading. */
export function mdxReader(text: string): (part: ParsedPart) => MdxPart | null {
  let open: { readonly from: number; readonly begun: Begun; readonly parts: number } | null = null;
  return ({ kind, start, end }) => {
    if (kind === 'heading') open = null;
    const before = open;
    const begun = before?.begun ?? (kind === 'paragraph' ? beginning(text.slice(start, end)) : null);
    if (begun === null) return null;
    const from = before?.from ?? start;
    const goesOn = begun.goesOn(text.slice(from, end));
    const parts = (before?.parts ?? 0) + 1;
    open = goesOn && parts < mostParts ? { from, begun, parts } : null;
    if (before !== null) return { kind: begun.kind, shape: restOfMdx };
    return { kind: begun.kind, shape: goesOn ? `${begun.shape} that goes on below` : begun.shape };
  };
}

/** A bracket that is never closed must not take in the file. */
const mostParts = 100;

interface Begun {
  readonly kind: 'code' | 'html';
  readonly shape: string;
  readonly goesOn: (text: string) => boolean;
}

function beginning(paragraph: string): Begun | null {
  if (/^(?:import|export)\s/.test(paragraph))
    return { kind: 'code', shape: 'an import or export', goesOn: isOpenCode };
  if (!/^[ \t]*[{<]/.test(paragraph)) return null;
  const { words, fault, goesOn } = scanMdx(paragraph);
  if (words.trim() !== '' || (fault !== null && !goesOn)) return null;
  const isCode = paragraph.trimStart().startsWith('{');
  // Tags by themselves are what the parser takes many of them for.
  const [kind, shape] = isCode ? (['code', 'an expression'] as const) : (['html', 'html'] as const);
  return { kind, shape, goesOn: (text) => scanMdx(text).goesOn };
}

/** Why a result would be no MDX, or other MDX, though its block was; null: it's as sound as the block. */
export function mdxObjection(was: string, written: string): string | null {
  const had = new Set(codeLines(was));
  const line = codeLines(written).find((each) => !had.has(each));
  if (line !== undefined && !/^(?:import|export)\s/.test(was))
    return `has a line that begins with ${/^\w+/.exec(line)?.[0] ?? ''}, which MDX takes for code`;
  const [before, after] = [scanMdx(was), scanMdx(written)];
  if (before.fault !== null) return null;
  if (after.fault !== null) return `holds ${after.fault}, which MDX refuses`;
  if (after.unmatched.join() === before.unmatched.join()) return null;
  return `leaves ${listed(after.unmatched)} without its other half where its block left ${listed(before.unmatched)}`;
}

/** Only where a block may begin: imports and exports don't interrupt a paragraph. */
function codeLines(text: string): readonly string[] {
  return topBlocks(text)
    .flatMap((block) => (isProse(block) ? [block.text] : linesOf(block.text)))
    .filter((lines) => /^(?:import|export)\s/.test(lines));
}

/** An expression or a tag by itself on a line is a block to MDX, and what is below it begins another. */
function isProse({ name, text }: TopBlock): boolean {
  return (
    /^(?:Paragraph|SetextHeading\d|BulletList|OrderedList|Blockquote)$/.test(name) && !/^\s*[{<]/.test(text)
  );
}

function listed(tags: readonly string[]): string {
  return tags.length === 0 ? 'nothing' : tags.join(' ');
}
