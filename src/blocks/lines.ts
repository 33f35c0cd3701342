/** Lines of texts with any line ends: `\n`, `\r\n`, and a lone `\r`, which Markdown counts as one too. */

const lineEnds = /\r\n|\n|\r/;
const everyLineEnd = new RegExp(lineEnds, 'g');

export function linesOf(text: string): string[] {
  // Most texts have `\n` only, and splitting by a text takes a fifth of the time.
  return text.split(text.includes('\r') ? lineEnds : '\n');
}

/** A text's line ends, in their order. */
export function lineEndsOf(text: string): readonly string[] {
  return text.match(everyLineEnd) ?? [];
}

/**
 * What a line that is new in the region ends with: the region's most frequent line end, else that of the line it is in, else
 * that of the line before. A lone `\r` counts where there is no `\n`: beside one it is a slip.
 */
export function lineEndOf(text: string, start: number, end: number): string {
  const within = lineEndsOf(text.slice(start, end));
  const ends = within.length > 0 ? within : endsBeside(text, start, end);
  const sound = ends.filter((each) => each !== '\r');
  if (sound.length === 0) return ends[0] ?? '\n';
  const long = sound.filter((each) => each === '\r\n').length;
  if (2 * long === sound.length) return sound[0] ?? '\n';
  return 2 * long > sound.length ? '\r\n' : '\n';
}

function endsBeside(text: string, start: number, end: number): readonly string[] {
  const first = lineStart(text, start);
  const stop = lineStop(text, end);
  const after = lineEndsOf(text.slice(stop, stop + 2)).slice(0, 1);
  const ends = after.length > 0 ? after : lineEndsOf(text.slice(Math.max(0, first - 2), first)).slice(-1);
  if (ends[0] !== '\r') return ends;
  return text.includes('\r\n') ? ['\r\n'] : text.includes('\n') ? ['\n'] : ends;
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
