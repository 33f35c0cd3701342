/** Documents cut into passages that can be understood alone: by headings, long ones by paragraphs. Pure. */

export interface Passage {
  /** The document's path. */
  readonly path: string;
  /** The headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
}

/** Characters; a longer section is cut at its blank lines. */
const longest = 1600;

export function passagesOf(path: string, document: string): readonly Passage[] {
  const sections = path.endsWith('.md') ? sectionsOf(document) : [{ headings: [], text: document }];
  return sections.flatMap(({ headings, text }) =>
    piecesOf(text.trim()).map((piece) => ({ path, headings, text: piece })),
  );
}

interface Section {
  readonly headings: readonly string[];
  readonly text: string;
}

/** What stands under each heading; a `#` in a fence of code is none. */
function sectionsOf(document: string): readonly Section[] {
  const sections: Section[] = [];
  let headings: readonly string[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  const end = (): void => {
    if (lines.some((line) => line.trim() !== '')) sections.push({ headings, text: lines.join('\n') });
    lines = [];
  };
  for (const line of document.split(/\r?\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence)))
      fence = fence === null ? mark : null;
    const heading = fence === null ? /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) : null;
    if (heading === null) {
      lines.push(line);
      continue;
    }
    end();
    const [, depth = '', title = ''] = heading;
    headings = [...headings.slice(0, depth.length - 1), title];
  }
  end();
  return sections;
}

function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/).flatMap(shorter)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + paragraph.length + 2 <= longest) {
      pieces[pieces.length - 1] = `${last}\n\n${paragraph}`;
    } else if (paragraph.trim() !== '') pieces.push(paragraph);
  }
  return pieces;
}

/** A paragraph as long as a document (a table, code without blank lines) is cut at its lines, and a line by force. */
function shorter(paragraph: string): readonly string[] {
  if (paragraph.length <= longest) return [paragraph];
  const parts: string[] = [''];
  for (const line of paragraph.split('\n').flatMap((one) => one.match(/.{1,1600}/gsu) ?? [''])) {
    const last = parts.at(-1) ?? '';
    if (last.length + line.length + 1 <= longest)
      parts[parts.length - 1] = last === '' ? line : `${last}\n${line}`;
    else parts.push(line);
  }
  return parts;
}
