import { RegenError } from '../model/errors.js';
import type { BlockSource, SplitFile } from '../model/block.js';
import { toBlocks } from './region.js';
import type { Splitter } from './region.js';

/**
 * A file's blocks. `text` is the file decoded with its byte order mark kept. Throws `config` when the source says nothing about
 * this file: a pattern that is none, a language that isn't known.
 */
export async function splitFile(text: string, source: BlockSource, path: string): Promise<SplitFile> {
  const splitter = await splitterFor(source, path);
  const { regions, faults } = splitter.split(text);
  return { path, text, source, blocks: toBlocks(text, regions), faults };
}

/** Loads only the parser that is asked for. */
export async function splitterFor(source: BlockSource, path: string): Promise<Splitter> {
  switch (source.by) {
    case 'file':
      return (await import('./whole-file.js')).wholeFile;
    case 'pattern':
      return (await import('./pattern.js')).patternSplitter({ pattern: source.pattern, path });
    case 'markdown': {
      const splitter = await markdownSplitterFor(source, path);
      if (!(await import('./mdx.js')).isMdx(path)) return splitter;
      return (await import('./mdx-expressions.js')).lookingAtExpressions(splitter);
    }
    case 'code':
      return (await import('./code.js')).codeSplitter(source.select, path);
  }
}

async function markdownSplitterFor(
  source: BlockSource & { readonly by: 'markdown' },
  path: string,
): Promise<Splitter> {
  if (source.depth !== 'sections')
    return (await import('./markdown.js')).markdownSplitter(source.depth, path);
  return (await import('./sections.js')).sectionSplitter(checkedLevel(source.level), path);
}

function checkedLevel(level: number): number {
  if (Number.isInteger(level) && level >= 1 && level <= 6) return level;
  throw new RegenError('config', `sections of level ${level} can't be found: headings have levels 1 to 6`, {
    hint: 'use level 2 for the sections under a title',
  });
}
