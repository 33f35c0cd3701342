/** A text as lines that give back the same bytes. Only `\n` and `\r\n` end a line; a lone `\r` is part of it. */

export interface Line {
  readonly text: string;
  /** `\n`, `\r\n`, or '' at the end of the file. */
  readonly eol: string;
}

/** The lines of a text; none of an empty one. `joinLines` is the inverse. */
export function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed + 1;
    const eol = feed === -1 ? '' : text[feed - 1] === '\r' && feed > start ? '\r\n' : '\n';
    lines.push({ text: text.slice(start, end - eol.length), eol });
    start = end;
  }
  return lines;
}

export function joinLines(lines: readonly Line[]): string {
  return lines.map(({ text, eol }) => text + eol).join('');
}
