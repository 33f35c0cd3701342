import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { followLines } from '../../src/agent/follow.js';

it('hands over what is added while it looks, and what is left when the writer is done', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'regen-follow-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'stream.jsonl');
  const earlier = 'an earlier run\n';
  await writeFile(path, earlier);
  const seen: string[] = [];
  const next = signals();
  const writing = (async () => {
    await next.look();
    await appendFile(path, 'one\ntw');
    await next.line('one');
    await appendFile(path, 'o\n');
    await next.line('two');
    await appendFile(path, 'without a break');
  })();

  await followLines(
    { path, start: earlier.length },
    {
      line: (line) => {
        seen.push(line);
        next.sawLine(line);
      },
      looked: next.looked,
    },
    writing,
  );

  expect(seen).toEqual(['one', 'two', 'without a break']);
});

/** Lets the writer wait for what the follower does. */
function signals() {
  const waiting = new Map<string, () => void>();
  const until = (name: string) => new Promise<void>((resolve) => waiting.set(name, resolve));
  return {
    look: () => until('look'),
    line: (line: string) => until(`line ${line}`),
    looked: () => waiting.get('look')?.(),
    sawLine: (line: string) => waiting.get(`line ${line}`)?.(),
  };
}
