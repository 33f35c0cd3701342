/** Documents cut into passages that can be understood alone: by headings, long ones by paragraphs. Pure. */

export interface Passage {
  /** The document's path. */
  readonly path: string;
  /** The headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
}

/** Characters; a longer section is cut at its blank lines. */
export const longestPassage = 1600;

export function passagesOf(path: string, document: string): readonly Passage[] {
  const sections = isMarkdown(path) ? sectionsOf(document) : [{ headings: [], text: document }];
  return sections.flatMap(({ headings, text }) =>
    piecesOf(text.trim()).map((piece) => ({ path, headings, text: piece })),
  );
}

export function isMarkdown(path: string): boolean {
  return /\.(?:md|mdx|markdown)$/i.test(path);
}

/** A passage as a model reads it, under its place. */
export function passageText(passage: Passage): string {
  return `## ${passageTitle(passage)}\n${passage.text}`;
}

export function passageTitle({ path, headings }: Passage): string {
  return [path, ...headings.filter((heading) => heading !== '')].join(' > ').slice(0, 300);
}

interface Section {
  readonly headings: readonly string[];
  readonly text: string;
}

/** What stands under each heading; a `#` in a fence of code is none. */
function sectionsOf(document: string): readonly Section[] {
  const sections: Section[] = [];
  let above: readonly Heading[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  const end = (): void => {
    const headings = above.map(({ title }) => title);
    if (lines.some((line) => line.trim() !== '')) sections.push({ headings, text: lines.join('\n') });
    lines = [];
  };
  for (const line of document.split(/\r?\n/)) {
    fence = fenceAfter(fence, line);
    const heading = fence === null ? headingOf(line) : null;
    if (heading === null) {
      lines.push(line);
      continue;
    }
    end();
    above = [...above.filter(({ depth }) => depth < heading.depth), heading];
  }
  end();
  return sections;
}

interface Heading {
  readonly depth: number;
  readonly title: string;
}

function headingOf(line: string): Heading | null {
  const [, marks, rest = ''] = /^ {0,3}(#{1,6})(?=\s|$)(.*)$/.exec(line) ?? [];
  if (marks === undefined) return null;
  const title = rest
    .trim()
    .replace(/(?<=^|\s)#+$/, '')
    .trim();
  return { depth: marks.length, title };
}

/** The fence that is open behind the line; only a line with nothing else on it closes one. */
function fenceAfter(open: string | null, line: string): string | null {
  const [, mark = '', info = ''] = /^ {0,3}(```+|~~~+)(.*)$/.exec(line) ?? [];
  if (open === null) return mark === '' || (mark.startsWith('`') && info.includes('`')) ? null : mark;
  return mark.startsWith(open) && info.trim() === '' ? null : open;
}

/** At most `longestPassage` characters each: whole paragraphs, as many as fit together. */
export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/).flatMap(shorter)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + paragraph.length + 2 <= longestPassage) {
      pieces[pieces.length - 1] = `${last}\n\n${paragraph}`;
    } else if (paragraph.trim() !== '') pieces.push(paragraph);
  }
  return pieces;
}

/** A paragraph as long as a document (a table, code without blank lines) is cut at its lines, and a line by force. */
function shorter(paragraph: string): readonly string[] {
  if (paragraph.length <= longestPassage) return [paragraph];
  const parts: string[] = [''];
  for (const line of paragraph.split('\n').flatMap(cutByForce)) {
    const last = parts.at(-1) ?? '';
    if (last.length + line.length + 1 <= longestPassage)
      parts[parts.length - 1] = last === '' ? line : `${last}\n${line}`;
    else parts.push(line);
  }
  return parts;
}

/** Never through a surrogate pair. */
function cutByForce(line: string): readonly string[] {
  return line.length <= longestPassage ? [line] : (line.match(/.{1,1600}(?![\uDC00-\uDFFF])/gs) ?? []);
}
