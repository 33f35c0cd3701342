/**
 * The plan's Markdown structure, as far as a checklist needs it: `##` sections, and what comments and fenced code hide.
 * As in CommonMark, a comment or a fence begins at the start of a line, and one within a list item ends with the item:
 * so it never hides a column-0 line, and text after an id or in the log can't open one.
 */
import { splitLines } from './lines.js';
import type { Line } from './lines.js';
import { planError } from './plan-error.js';

export interface VisibleLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
}

export interface Section {
  /** 2 for a `##` heading, 1 for a later `#` one, 0 for what stands before the first section. */
  readonly level: number;
  readonly title: string;
  /** Line of the heading; 0 without one. */
  readonly line: number;
  /** The lines below the heading that neither a comment nor fenced code hides; subheadings are among them. */
  readonly lines: readonly VisibleLine[];
  /** The section's last line, hidden ones included. */
  readonly end: number;
}

/** @throws RegenError `plan` when a comment or a fence is never closed: it would hide the rest of the plan. */
export function readOutline(text: string): readonly Section[] {
  let section: OpenSection = { level: 0, title: '', line: 0, lines: [], end: 0 };
  const sections = [section];
  const blocks = blockReader();
  for (const [index, line] of splitLines(text).entries()) {
    const visible: VisibleLine = { number: index + 1, text: withoutMark(line, index) };
    const kind = blocks.read(visible);
    if (kind !== null && kind !== 'hidden' && beginsSection(kind, section)) {
      section = { ...kind, line: visible.number, lines: [], end: visible.number };
      sections.push(section);
      continue;
    }
    if (kind !== 'hidden') section.lines.push(visible);
    section.end = visible.number;
  }
  blocks.end();
  return sections;
}

/** The plan's own `#` title begins none; a later one ends the section above it. */
function beginsSection({ level }: Heading, current: OpenSection): boolean {
  return level === 2 || (level === 1 && current.level > 0);
}

/** The `##` sections of that name, whatever its case. */
export function sectionsNamed(sections: readonly Section[], ...names: readonly string[]): readonly Section[] {
  const wanted = new Set(names.map((name) => name.trim().toLowerCase()));
  return sections.filter(({ level, title }) => level === 2 && wanted.has(title.toLowerCase()));
}

interface OpenSection {
  readonly level: number;
  readonly title: string;
  readonly line: number;
  readonly lines: VisibleLine[];
  end: number;
}

interface Heading {
  readonly level: number;
  readonly title: string;
}

/** A comment or fence that hides lines until one closes it. */
interface Block {
  readonly name: string;
  readonly line: number;
  closes(text: string): boolean;
}

interface BlockReader {
  /** What the line is: hidden, a heading, or (null) any other line. */
  read(line: VisibleLine): Heading | 'hidden' | null;
  end(): void;
}

function blockReader(): BlockReader {
  let block: Block | null = null;
  // The column at which the content of the open list item begins; 0: no list is open.
  let listColumn = 0;

  return {
    read({ number, text }) {
      if (block !== null) {
        if (block.closes(text)) block = null;
        return 'hidden';
      }
      const indent = text.search(/[^ ]/);
      if (indent === -1 || (listColumn > 0 && indent >= listColumn)) return null;
      const marker = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?: {1,4}|\t|$)/.exec(text);
      if (marker !== null || indent === 0) listColumn = marker?.[0].length ?? 0;
      const opened = openBlock(text, number);
      if (opened === null) return readHeading(text);
      if (!opened.closesAtOnce) block = opened.block;
      return 'hidden';
    },
    end() {
      if (block === null) return;
      throw planError(
        block.line,
        `the ${block.name} that begins here never ends`,
        'Close it: everything after it would be hidden.',
      );
    },
  };
}

function openBlock(text: string, line: number): { block: Block; closesAtOnce: boolean } | null {
  const match = /^ {0,3}(?:(?<comment><!--)|(?<fence>`{3,}(?=[^`]*$)|~{3,}))/.exec(text);
  const fence = match?.groups?.['fence'];
  if (fence !== undefined) {
    const closing = new RegExp(`^\\s*${fence.charAt(0)}{${fence.length},}\\s*$`);
    return { block: { name: 'code fence', line, closes: (each) => closing.test(each) }, closesAtOnce: false };
  }
  if (match === null) return null;
  const closes = (each: string): boolean => each.includes('-->');
  return { block: { name: 'comment', line, closes }, closesAtOnce: closes(text) };
}

function readHeading(text: string): Heading | null {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/s.exec(text);
  if (match?.[1] === undefined) return null;
  const title = (match[2] ?? '').replace(/(?:^|[ \t]+)#+[ \t]*$/, '').trim();
  return { level: match[1].length, title };
}

function withoutMark({ text }: Line, index: number): string {
  return index === 0 ? text.replace(/^\uFEFF/, '') : text;
}
