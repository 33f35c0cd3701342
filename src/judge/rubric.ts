/** Reads a rubric off the base. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { BaseTree } from '../model/base-tree.js';
import { RegenError } from '../model/errors.js';
import { sha7 } from '../model/format.js';
import type { Rubric } from '../model/rubric.js';
import { rubricSchema } from '../model/rubric-schema.js';
import { readData } from './yaml-data.js';

/** @throws RegenError `config` when there is no such file, or when it isn't a rubric. */
export async function readRubric(file: string, tree: BaseTree, signal: AbortSignal): Promise<Rubric> {
  const found: string[] = [];
  await tree.read(
    [file],
    (_path, content) => {
      if (content !== null) found.push(content.toString('utf8'));
    },
    signal,
  );
  const [text] = found;
  if (text !== undefined) return parseRubric(text, file);
  throw new RegenError(
    'config',
    `evaluate.rubric names ${file}, which is not in the base (${sha7(tree.sha)})`,
    {
      hint: 'Commit and push the file, or correct its name in regen.yaml: rubrics are read from the base, not from the working copy.',
    },
  );
}

/**
 * @param file - how the messages call it.
 * @throws RegenError `config` with a line per problem: `FILE:LINE:COLUMN: categories[0].max: is 30, but …`.
 */
export function parseRubric(text: string, file: string): Rubric {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  if (document.errors.length > 0) {
    throw faulty(firstOf(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`)));
  }
  const read = readData(document, { mapAsMap: false });
  if (read.kind === 'flawed') throw faulty([`${at(read.offset)}: ${read.reason}`]);
  const shape = shapeFault(read.data);
  if (shape !== null) throw faulty([`${at(0)}: ${shape}; it needs categories`]);
  const parsed = rubricSchema.safeParse(read.data);
  if (parsed.success) return parsed.data;
  throw faulty(
    parsed.error.issues.map((issue) => {
      const subject = issue.path.length === 0 ? '' : `${formatPath(issue.path)}: `;
      return `${at(offsetOf(document, issue.path))}: ${subject}${messageOf(issue)}`;
    }),
  );
}

/** One broken bracket breaks every line that follows. */
function firstOf(problems: readonly string[]): readonly string[] {
  const most = 3;
  if (problems.length <= most) return problems;
  return [...problems.slice(0, most), `and ${problems.length - most} more`];
}

function shapeFault(data: unknown): string | null {
  if (data === null || data === undefined) return 'is empty';
  return typeof data === 'object' && !Array.isArray(data) ? null : 'holds no mapping of keys';
}

/** Of a key, zod says only that it is invalid; why is inside. */
function messageOf(issue: z.core.$ZodIssue): string {
  return (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;
}

function faulty(problems: readonly string[]): RegenError {
  return new RegenError('config', problems.join('\n'), {
    hint: 'A rubric holds categories of {id, name, max, items}, and each item is {id, name, max, anchors?}.',
  });
}

type Path = readonly PropertyKey[];

/** What is missing stands where the mapping begins that it is missing from. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}

function formatPath(path: Path): string {
  return path.reduce<string>((written, segment) => {
    if (typeof segment === 'number') return `${written}[${segment}]`;
    return written === '' ? String(segment) : `${written}.${String(segment)}`;
  }, '');
}
