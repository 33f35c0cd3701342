/** Lines of texts with any line ends: `\n`, `\r\n`, and a lone `\r`, which Markdown counts as one too. */

const lineEnds = /\r\n|\n|\r/;

export function linesOf(text: string): string[] {
  // Most texts have `\n` only, and splitting by a text takes a fifth of the time.
  return text.split(text.includes('\r') ? lineEnds : '\n');
}

/** The first line end of the region, else of the file, else `\n`. */
export function lineEndOf(text: string, start: number, end: number): string {
  return lineEnds.exec(text.slice(start, end))?.[0] ?? lineEnds.exec(text)?.[0] ?? '\n';
}

/** Where the line begins that `at` is in. */
export function lineStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !isLineEnd(text, start - 1)) start -= 1;
  return start === 0 && text.startsWith(byteOrderMark) ? Math.min(1, at) : start;
}

/** Where the line ends that `at` is in, before its line end. */
export function lineStop(text: string, at: number): number {
  let stop = at;
  while (stop < text.length && !isLineEnd(text, stop)) stop += 1;
  return stop;
}

/** The white space that the line of `at` begins with, as far as `at`. */
export function indentationAt(text: string, at: number): string {
  const start = lineStart(text, at);
  return leadingBlank(text.slice(start, at));
}

export function leadingBlank(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** A region without the blank lines before it and the white space after it; its first line keeps its indentation. */
export function trimmedRange(text: string, from: number, to: number): { start: number; end: number } {
  let end = to;
  while (end > from && isBlank(text, end - 1)) end -= 1;
  let start = from;
  for (let at = from; at < end && isBlank(text, at); at += 1) if (isLineEnd(text, at)) start = at + 1;
  return { start, end };
}

export const byteOrderMark = '\uFEFF';

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 9 || code === 10 || code === 13;
}
