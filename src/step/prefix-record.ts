/**
 * What a run's prefix was made of, in `prefix.json` beside its prompt: when another run's isn't the same, or isn't found in
 * the cache, this says what changed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf } from '../system/content-hash.js';
import { disclose, enclose } from '../model/enclosure.js';
import { sha7 } from '../model/format.js';
import { parsedObject } from '../model/parsed-object.js';
import { readOptional } from '../system/read-optional.js';

interface PrefixPart {
  /** The file it came from, or whose words they are. */
  readonly source: string;
  readonly bytes: number;
  readonly hash: string;
}

export interface PrefixFacts {
  readonly prefix: string;
  /** The commit that it was read from. */
  readonly base: string;
}

export async function writePrefixRecord(directory: string, { prefix, base }: PrefixFacts): Promise<void> {
  await mkdir(directory, { recursive: true });
  const record = { v: 1, hash: hashOf(prefix), base, parts: partsOf(prefix) };
  await writeFile(path.join(directory, fileName), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * What tells the prefix of one run from that of another, in words; null: their records tell no difference.
 *
 * @param before - the earlier run's directory.
 */
export async function changedSince(before: string, after: string): Promise<string | null> {
  const [one, other] = [await readRun(before), await readRun(after)];
  if (one === null || other === null) return null;
  const changes = [...changedParts(one.parts, other.parts), ...changedParts(one.setup, other.setup)];
  if (changes.length === 0) return null;
  const moved = one.base !== other.base && one.base !== '' && other.base !== '';
  return moved
    ? `${changes.join(', ')} (the base moved from ${sha7(one.base)} to ${sha7(other.base)})`
    : changes.join(', ');
}

interface RunRecord {
  readonly base: string;
  readonly parts: readonly PrefixPart[];
  /** What Claude Code puts before them. */
  readonly setup: readonly PrefixPart[];
}

function changedParts(before: readonly PrefixPart[], after: readonly PrefixPart[]): string[] {
  const hashes = new Map(before.map(({ source, hash }) => [source, hash]));
  const sources = new Set(after.map(({ source }) => source));
  const changed = after.flatMap(({ source, hash }) => {
    if (!hashes.has(source)) return [`${source} is new`];
    return hashes.get(source) === hash ? [] : [`${source} changed`];
  });
  const gone = before.filter(({ source }) => !sources.has(source)).map(({ source }) => `${source} is gone`);
  if (changed.length + gone.length > 0) return [...changed, ...gone];
  const isOrdered = before.every(({ source }, index) => after[index]?.source === source);
  return isOrdered ? [] : ['the order of the files changed'];
}

const fileName = 'prefix.json';

function partsOf(prefix: string): PrefixPart[] {
  const files = disclose(prefix);
  const between = files.reduce((rest, file) => rest.replace(enclose(file), () => ''), prefix);
  // A file more or less leaves its blank line.
  const own = between.replaceAll(/\n{3,}/g, '\n\n');
  return [partOf('regen’s own words', own), ...files.map(({ path: source, text }) => partOf(source, text))];
}

function partOf(source: string, text: string): PrefixPart {
  return { source, bytes: Buffer.byteLength(text), hash: hashOf(text) };
}

async function readRun(directory: string): Promise<RunRecord | null> {
  const record = parsedObject((await readOptional(path.join(directory, fileName))) ?? '');
  if (record === null || !Array.isArray(record['parts'])) return null;
  const stream = (await readOptional(path.join(directory, 'stream.jsonl'))) ?? '';
  const { base } = record;
  return {
    base: typeof base === 'string' ? base : '',
    parts: (record['parts'] as unknown[]).filter(isPart),
    setup: setupOf(stream),
  };
}

function isPart(value: unknown): value is PrefixPart {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'source' in value && typeof value.source === 'string' && 'hash' in value && typeof value.hash === 'string'
  );
}

/** What the stream's first words tell: version, tools, model. */
function setupOf(stream: string): PrefixPart[] {
  const line = stream.split('\n', 50).find((one) => one.includes('"subtype":"init"'));
  const init = line === undefined ? null : parsedObject(line);
  if (init === null) return [];
  return [
    ...(['claude_code_version', 'model'] as const).flatMap((name) => {
      const value = init[name];
      return typeof value === 'string' ? [partOf(names[name], value)] : [];
    }),
    ...(Array.isArray(init['tools'])
      ? init['tools'].map((tool) => partOf(`tool ${String(tool)}`, String(tool))).sort(bySource)
      : []),
  ];
}

const names = { claude_code_version: 'the version of Claude Code', model: 'the model' };

function bySource(left: PrefixPart, right: PrefixPart): number {
  return left.source < right.source ? -1 : 1;
}
