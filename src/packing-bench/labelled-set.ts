/** The labelled set: JSON lines that a person wrote. */
import * as z from 'zod';
import { RegenError } from '../model/errors.js';
import type { LabelledItem, LabelledSet } from '../model/packing-bench.js';
import { hashOf } from '../system/content-hash.js';

const text = z.string('must be text');
const label = z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, true or false');

const entry = z
  .strictObject(
    {
      id: text.min(1, 'must not be empty'),
      text: text.min(1, 'must not be empty'),
      kind: text.min(1, 'must not be empty').optional(),
      expected: label.optional(),
      accept: z.array(label, 'must be a list').min(1, 'must have one label at least').optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `has ${issue.keys.map((key) => JSON.stringify(key)).join(' and ')}, which no entry has (id, text, kind, expected, accept)`
          : 'is no object',
    },
  )
  .superRefine(({ expected, accept }, context) => {
    if ((expected === undefined) !== (accept === undefined)) return;
    const message =
      expected === undefined ? 'has neither "expected" nor "accept"' : 'has "expected" and "accept"';
    context.addIssue({ code: 'custom', path: [], message: `${message}; it needs one of the two` });
  });

const mend =
  'A line is {"id": "intro-1", "text": "…", "expected": "…"}, or has "accept": ["…", "…"] for several right answers.';

/**
 * Empty lines are no entries. Equal content has an equal hash, however the file's bytes are laid out.
 *
 * @param file - how messages and results call the file.
 * @throws RegenError `usage` that names the first line that can't be used.
 */
export function readLabelledSet(content: string, file: string): LabelledSet {
  const lineOf = new Map<string, number>();
  const entries = content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index): LabelledItem[] => {
      if (line.trim() === '') return [];
      const number = index + 1;
      const item = readEntry(line, `${file}:${number}:`);
      const earlier = lineOf.get(item.id);
      if (earlier !== undefined) {
        throw new RegenError(
          'usage',
          `${file}:${number}: repeats the id ${shown(item.id)} of line ${earlier}`,
          {
            hint: 'Give each entry an id of its own, or remove one of the two.',
          },
        );
      }
      lineOf.set(item.id, number);
      return [item];
    });
  if (entries.length === 0) throw new RegenError('usage', `${file} has no entry`, { hint: mend });
  return { file, hash: hashOf(JSON.stringify(entries)), items: entries.length, entries };
}

function readEntry(line: string, place: string): LabelledItem {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch (cause) {
    throw new RegenError('usage', `${place} is no JSON: ${cutLine(line)}`, { hint: mend, cause });
  }
  const parsed = entry.safeParse(data);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => faultAt(data, path, message));
    throw new RegenError('usage', `${place} ${faults.join('; ')}`, { hint: mend, cause: parsed.error });
  }
  const { id, text: itemText, kind = null, expected, accept = [] } = parsed.data;
  const labels = expected === undefined ? accept : [expected];
  return { id, text: itemText, kind, accept: labels.map(String) };
}

function faultAt(data: unknown, path: readonly PropertyKey[], message: string): string {
  if (path.length === 0) return message;
  const value = path.reduce<unknown>(
    (within, key) =>
      typeof within === 'object' && within !== null
        ? Object.getOwnPropertyDescriptor(within, key)?.value
        : undefined,
    data,
  );
  const name = path.map(String).join('.');
  return value === undefined ? `has no "${name}"` : `"${name}" is ${shown(value)}, but ${message}`;
}

function shown(value: unknown): string {
  return cutLine(JSON.stringify(value));
}

function cutLine(line: string): string {
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
