import type { Block, BlockKind } from '../model/block.js';
import { byteOrderMark, leadingBlank, linesOf } from './lines.js';
import { losesOwnLines, ownLines, writtenLines } from './own-lines.js';

/** What is written in a block's place, or why nothing is. */
export type Fitted = { readonly text: string } | { readonly reason: string };

/**
 * An answer in the form that its place asks for: margin, line ends, and the white space around it are those of the block. An
 * answer that equals the block, as it stands in the file or as it is shown, gives the block's own text; lines of an answer that
 * equal the block's stay as they stand in the file.
 */
export function fitResult(block: Block, result: string): Fitted {
  if (result === block.text || result === block.content) return { text: block.text };
  const answer = bare(block, result);
  const shown = bare(block, block.content);
  if (answer === shown) return { text: block.text };
  if (answer === '') return { reason: 'is empty' };

  const own = ownLines(block, shown.split('\n'));
  const given = answer.split('\n');
  const shifted = withoutMargin(block, outdented(block, given));
  const lines = losesOwnLines(own, given, shifted) ? given : shifted;
  if (lines.length > 1 && block.fit.isOneLine)
    return { reason: `has ${lines.length} lines, and its place is a part of one line` };
  return { text: writtenLines(block, own, lines) };
}

/** Without blank lines and line ends of its own around it, and without the delimiters that are there already. */
function bare({ fit, kind }: Block, result: string): string {
  const text = linesOf(result.startsWith(byteOrderMark) ? result.slice(1) : result).join('\n');
  const [open, close] = fit.delimiters ?? ['', ''];
  const trimmed = text.trim();
  const isWrapped = open !== '' && trimmed.length >= open.length + close.length;
  const inner =
    isWrapped && trimmed.startsWith(open) && trimmed.endsWith(close)
      ? trimmed.slice(open.length, trimmed.length - close.length)
      : text;
  // What a docstring or a part of a line begins with is never indentation; in Markdown it makes a paragraph code.
  const withoutBlanks = inner.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  return fit.isOneLine || kind === 'docstring' ? withoutBlanks.trimStart() : withoutBlanks;
}

/**
 * Lines as they are shown. Many answers repeat the margin that the file has: it is taken off when all lines have it and stand
 * further in than the shown ones do, so that no indentation of the content's own is lost.
 */
function withoutMargin({ fit, content }: Block, lines: readonly string[]): readonly string[] {
  const [first = '', ...rest] = lines;
  const filled = rest.filter((line) => line.trim() !== '');
  const signs = fit.margin.trim() !== '';
  if (fit.margin === '' || filled.length === 0) return [first, ...rest];
  const isRepeated = filled.every(
    (line) => line.startsWith(fit.margin) || (signs && line === fit.margin.trimEnd()),
  );
  const isDeeper = signs || depth(filled) >= depth(content.split('\n').slice(1)) + fit.margin.length;
  // In Python, what follows a colon stands further in: taking the margin off would end the body.
  const isBody = first.trimEnd().endsWith(':') && depth(filled.slice(0, 1)) <= fit.margin.length;
  if (!isRepeated || !isDeeper || isBody) return [first, ...rest];
  return [first, ...rest.map((line) => line.slice(fit.margin.length))];
}

/** Without the indentation that all lines share, from the first on, where it can't mean anything. */
function outdented({ kind, fit }: Block, lines: readonly string[]): readonly string[] {
  const own = indentable.has(kind) ? leadingBlank(lines[0] ?? '') : fit.margin;
  const isIndented = own !== '' && lines.every((line) => line.trim() === '' || line.startsWith(own));
  return isIndented ? lines.map((line) => line.slice(own.length)) : lines;
}

const indentable: ReadonlySet<BlockKind> = new Set([
  'function',
  'class',
  'match',
  'paragraph',
  'image',
  'heading',
  'docstring',
]);

/** The least indentation of lines that aren't blank; 0 when there are none. */
function depth(lines: readonly string[]): number {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => leadingBlank(line).length);
  return depths.length === 0 ? 0 : depths.reduce((least, next) => Math.min(least, next));
}
