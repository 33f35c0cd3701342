import type { SyntaxNode } from '@lezer/common';
import { marginLayout, noMargin } from './layout.js';
import { trimmedRange } from './lines.js';
import { createOutline } from './markdown-keys.js';
import type { Outline } from './markdown-keys.js';
import { frontMatterRegion } from './markdown.js';
import { markdownObjection } from './markdown-objection.js';
import { headingText, parseBlocks } from './markdown-parser.js';
import type { Region, Splitter } from './region.js';

/** Markdown from one heading to the next of that level or above; what precedes the first heading is a section too. */
export function sectionSplitter(level: number, path: string): Splitter {
  return {
    split: (text) => ({ regions: sectionRegions(text, level), faults: 0 }),
    objection: (_text, block, written) => markdownObjection(block, written, path),
  };
}

interface Cut {
  readonly start: number;
  readonly level: number;
  readonly heading: string | null;
}

function sectionRegions(text: string, level: number): readonly Region[] {
  const { tree, at, frontMatter } = parseBlocks(text);
  const cuts: Cut[] = [{ start: at(0), level: 0, heading: null }];
  for (let node = tree.topNode.firstChild; node !== null; node = node.nextSibling) {
    const own = headingLevel(node);
    if (own === null || own > level) continue;
    const start = at(node.from);
    cuts.push({ start, level: own, heading: headingText(text.slice(start, at(node.to))) });
  }

  const outline = createOutline();
  const sections = cuts
    .map((cut, index) => ({ cut, ...trimmedRange(text, cut.start, cuts[index + 1]?.start ?? text.length) }))
    .filter(({ start, end }) => start < end)
    .map(({ cut, start, end }) => sectionRegion(outline, { cut, text, start, end }));
  return frontMatter === null ? sections : [frontMatterRegion(text, frontMatter), ...sections];
}

function sectionRegion(
  outline: Outline,
  {
    cut,
    text,
    start,
    end,
  }: { readonly cut: Cut; readonly text: string; readonly start: number; readonly end: number },
): Region {
  if (cut.heading !== null) outline.enter(cut.level, cut.heading);
  return {
    key: cut.heading === null ? 'beginning' : outline.headingKey(),
    kind: 'section',
    start,
    end,
    shape: cut.level === 0 ? 'a section without a heading' : `a section of level ${cut.level}`,
    context: outline.context(),
    layout: marginLayout({ text, start, end }, noMargin),
  };
}

function headingLevel(node: SyntaxNode): number | null {
  const level = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1];
  return level === undefined ? null : Number(level);
}
