import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wholeLines } from '../../src/system/whole-lines.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regen-lines-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a file in blocks', () => {
  it('is never cut within a line, however long the line is', async () => {
    const lines = ['short', 'é'.repeat(1_500_000), 'x'.repeat(900_000), '', 'no line feed'];

    const blocks = await blocksOf(lines.join('\n'));

    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.slice(0, -1).every((block) => block.endsWith('\n'))).toBe(true);
    expect(blocks.join('') === lines.join('\n')).toBe(true);
  });

  it('has none when it is empty', async () => {
    expect(await blocksOf('')).toEqual([]);
  });
});

async function blocksOf(text: string): Promise<string[]> {
  const path = join(folder, 'file');
  await writeFile(path, text);
  const blocks: string[] = [];
  for await (const block of wholeLines(path)) blocks.push(block.toString('utf8'));
  return blocks;
}
