import { applyResults } from '../../src/blocks/apply.js';
import { splitFile } from '../../src/blocks/split.js';
import type { Block, BlockSource } from '../../src/model/block.js';

export const blocks: BlockSource = { by: 'markdown', depth: 'blocks' };
export const leaves: BlockSource = { by: 'markdown', depth: 'leaves' };
export const docs: BlockSource = { by: 'code', select: 'docs' };
export const functions: BlockSource = { by: 'code', select: 'functions' };

/** What a test says of each block. */
export async function cut<T>(
  text: string,
  source: BlockSource,
  { path = 'page.md', tell }: { readonly path?: string; readonly tell: (block: Block) => T },
): Promise<readonly T[]> {
  const file = await splitFile(text, source, path);
  return file.blocks.map(tell);
}

/** The file with one answer in it, or why it isn't. */
export async function answered(
  text: string,
  source: BlockSource,
  {
    path = 'page.md',
    key,
    answer,
  }: { readonly path?: string; readonly key: string; readonly answer: string },
): Promise<string> {
  const file = await splitFile(text, source, path);
  const applied = await applyResults(file, new Map([[key, answer]]));
  return applied.unfit[0]?.reason ?? applied.text;
}
