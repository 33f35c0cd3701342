import { appendFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { followLines } from '../../src/run/follow.js';
import { makeScratch } from '../support/scratch.js';

it('hands over whole lines while the writer goes on, and the rest at its end', async () => {
  await using scratch = await makeScratch();
  const file = scratch.in('stderr');
  await writeFile(file, 'one\ntwo ½');
  const lines: string[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));

  const following = followLines(file, (line) => lines.push(line), ended);
  await expect.poll(() => lines).toEqual(['one']);
  await appendFile(file, Buffer.from('\n\nthree: ½').subarray(0, -1));
  await expect.poll(() => lines).toEqual(['one', 'two ½']);
  await appendFile(file, Buffer.from('½').subarray(-1));
  end();
  await following;

  expect(lines).toEqual(['one', 'two ½', 'three: ½']);
});
