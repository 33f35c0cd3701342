/** What a commit is about to carry away: looked at as it will be sent, after filters, and after whoever is still at work. */
import { Buffer } from 'node:buffer';
import { spellingsOf } from '../system/secrets.js';
import type { Secret } from '../system/secrets.js';
import { createBatchReader } from './batch-reader.js';
import type { Git } from './git.js';

interface Content {
  readonly base: string;
  readonly tree: string;
  readonly secrets: readonly Secret[];
}

/** Why the tree must not be committed, in a sentence that holds no secret; null: it may. */
export async function refusalOf(git: Git, content: Content, signal: AbortSignal): Promise<string | null> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', content.base, content.tree];
  const changes = readTreeDiff((await git.run(args, signal)).stdout);
  const link = changes.find(({ mode }) => mode === '160000');
  if (link !== undefined) return `${JSON.stringify(link.path)} is a repository of its own (a submodule)`;
  const patterns = content.secrets.map(patternOf);
  if (patterns.length === 0) return null;
  const named = firstMatch(Buffer.from(changes.map(({ path }) => path).join('\n')), patterns);
  if (named !== null) return `the name of a changed file holds the value of ${named.name}`;
  return leakIn(git, changes, patterns, signal);
}

interface BlobChange {
  readonly path: string;
  readonly mode: string;
  readonly before: string;
  readonly after: string;
}

/** `:<old mode> <new mode> <old id> <new id> <status>\0<path>\0`; deletions left out. */
function readTreeDiff(output: string): readonly BlobChange[] {
  const fields = output.split('\0');
  return fields.flatMap((field, index): BlobChange[] => {
    const path = fields[index + 1];
    if (index % 2 === 1 || path === undefined) return [];
    const [, mode = '', before = '', after = ''] = field.slice(1).split(' ');
    return /^0+$/.test(after) ? [] : [{ path, mode, before, after }];
  });
}

interface Pattern {
  readonly name: string;
  readonly spellings: readonly Buffer[];
}

function patternOf({ name, value }: Secret): Pattern {
  return { name, spellings: spellingsOf(value).map((spelling) => Buffer.from(spelling)) };
}

/** What stood in the base's file already is not this item's doing, and public by now. */
async function leakIn(
  git: Git,
  changes: readonly BlobChange[],
  patterns: readonly Pattern[],
  signal: AbortSignal,
): Promise<string | null> {
  const suspects: { readonly change: BlobChange; readonly pattern: Pattern }[] = [];
  await eachBlob(
    git,
    changes.map(({ after }) => after),
    (index, content) => {
      const change = changes[index];
      const pattern = firstMatch(content, patterns);
      if (change !== undefined && pattern !== null) suspects.push({ change, pattern });
    },
    signal,
  );
  const known = new Set<number>();
  const before = suspects.map(({ change }) => change.before);
  await eachBlob(
    git,
    before,
    (index, content) => {
      const pattern = suspects[index]?.pattern;
      if (pattern !== undefined && firstMatch(content, [pattern]) !== null) known.add(index);
    },
    signal,
  );
  const leak = suspects.find((_, index) => !known.has(index));
  if (leak === undefined) return null;
  return `${JSON.stringify(leak.change.path)} holds the value of ${leak.pattern.name}, which must not be committed`;
}

async function eachBlob(
  git: Git,
  ids: readonly string[],
  each: (index: number, content: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  if (ids.length === 0) return;
  let next = 0;
  const reader = createBatchReader((content) => {
    if (content !== null) each(next, content);
    next += 1;
  });
  const input = ids.map((id) => `${id}\n`).join('');
  await git.stream({ args: ['cat-file', '--batch', '--buffer'], input }, reader, signal);
}

/** Longer files aren't base64 with line breaks; joining their lines would cost a copy of them. */
const longestJoined = 4 * 1024 * 1024;

function firstMatch(content: Buffer, patterns: readonly Pattern[]): Pattern | null {
  const joined = content.length > longestJoined ? null : Buffer.from(joinLines(content), 'latin1');
  const holds = (spelling: Buffer) => content.includes(spelling) || joined?.includes(spelling) === true;
  return patterns.find(({ spellings }) => spellings.some(holds)) ?? null;
}

/** base64 is usually written in lines of 64 or 76 characters. */
function joinLines(content: Buffer): string {
  return content.toString('latin1').replace(/\s+/g, '');
}
