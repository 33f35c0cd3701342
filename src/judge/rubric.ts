/** Reads a rubric off the base. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { BaseTree } from '../model/base-tree.js';
import { RegenError } from '../model/errors.js';
import { sha7 } from '../model/format.js';
import type { Rubric } from '../model/rubric.js';
import { rubricSchema } from '../model/rubric-schema.js';

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
    throw faulty(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`));
  }
  const parsed = rubricSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw faulty(
    parsed.error.issues.map(({ path, message }) => {
      const subject = path.length === 0 ? '' : `${formatPath(path)}: `;
      return `${at(offsetOf(document, path))}: ${subject}${message}`;
    }),
  );
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
