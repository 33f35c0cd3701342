/**
 * A process that competes for locks. Its lines on stdin are JSON requests, its lines on stdout the answers.
 *
 * - `{"take": ["file", …]}` takes each lock without waiting and holds it; answers with the kinds.
 * - `{"count": n, "lock": "file", "counter": "file"}` adds one to the counter n times, under the lock.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { acquireLock, acquireLockWithin } from '../../src/system/lock.js';

export interface ContenderRequest {
  readonly take?: readonly string[];
  readonly count?: number;
  readonly lock?: string;
  readonly counter?: string;
}

const now = (): Date => new Date();
const never = new AbortController().signal;

async function take(files: readonly string[]): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (const file of files) kinds.push((await acquireLock(file, { now })).kind);
  return kinds;
}

async function count({
  count: times = 0,
  lock: file = '',
  counter = '',
}: ContenderRequest): Promise<readonly string[]> {
  for (let round = 0; round < times; round += 1) {
    const lock = await acquireLockWithin(file, { now, waitMs: 60_000 }, never);
    if (lock.kind === 'busy') return ['busy'];
    await writeFile(counter, String(Number(await readFile(counter, 'utf8')) + 1));
    await lock.release();
  }
  return ['counted'];
}

process.stdout.write('["ready"]\n');
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as ContenderRequest; // written by the test beside this
  const answer = request.take === undefined ? await count(request) : await take(request.take);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
