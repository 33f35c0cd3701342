/** The block of facts below a TAP result: YAML, more or less, so read by hand and leniently. */
import { placeIn } from './places.js';
import type { Place } from './places.js';

export interface Diagnosis {
  readonly message: readonly string[];
  /** Lines of the trace. */
  readonly frames: readonly string[];
  /** Where the test is declared. */
  readonly location: Place | null;
  readonly isNode: boolean;
}

export interface YamlReader {
  readonly isOpen: boolean;
  /** The block, once its last line is there. */
  line(text: string): Diagnosis | null;
}

const mostLines = 200;

export function createYaml(): YamlReader {
  let lines: string[] | null = null;
  return {
    get isOpen() {
      return lines !== null;
    },
    line(text) {
      if (lines === null) {
        lines = [];
        return null;
      }
      if (text.trim() !== '...') {
        if (lines.length < mostLines) lines.push(text);
        return null;
      }
      const found = diagnosisOf(lines);
      lines = null;
      return found;
    },
  };
}

function diagnosisOf(lines: readonly string[]): Diagnosis {
  const values = valuesOf(lines);
  const first = (...keys: string[]): readonly string[] =>
    keys.map((key) => values.get(key) ?? []).find((value) => value.some((line) => line !== '')) ?? [];
  const [location = ''] = first('location');
  const at = [...first('at'), ...first('fileName'), ...first('stack')];
  const lineNumber = first('lineNumber')[0];
  const fileName = first('fileName')[0];
  const compared = first('expected').length === 1 ? comparison(first('expected'), first('actual')) : [];
  return {
    message: [
      ...titled(first('type', 'name'), first('message', 'error')),
      ...first('diff', 'Difference (- actual, + expected):', 'Error thrown in test:'),
      ...compared,
    ],
    frames: [
      ...(fileName === undefined || lineNumber === undefined ? [] : [`at ${fileName}:${lineNumber}:1`]),
      ...at,
    ],
    location: placeIn(`at ${location}`),
    isNode: values.has('failureType'),
  };
}

function titled([name]: readonly string[], message: readonly string[]): readonly string[] {
  const [first = '', ...rest] = message;
  return name === undefined || name === 'AssertionError'
    ? message
    : [first === '' ? name : `${name}: ${first}`, ...rest];
}

function comparison(expected: readonly string[], actual: readonly string[]): readonly string[] {
  return [`expected: ${expected.join(' ')}`, `actual: ${actual.join(' ')}`];
}

/** Every key with its lines, whatever its depth; the first one of a name counts. */
function valuesOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  let open: OpenValue | null = null;
  for (const line of lines) {
    const indent = line.length - line.trimStart().length;
    const isInside: boolean = open !== null && goesOn(open, line, indent);
    const found: RegExpExecArray | null = isInside && open?.isBlock === true ? null : isKey.exec(line);
    if (found === null) {
      if (open !== null) open.value.push(line.trimEnd());
      continue;
    }
    const text: string = found[2]?.trim() ?? '';
    const isBlock: boolean = /^[|>][-+\d]*$/.test(text);
    const value: string[] = isBlock || text === '' ? [] : [unquoted(text)];
    open = { value, indent, isBlock };
    const key = unquoted(found[1] ?? '');
    if (!values.has(key)) values.set(key, value);
  }
  return values;
}

interface OpenValue {
  readonly value: string[];
  readonly indent: number;
  readonly isBlock: boolean;
}

function goesOn(open: OpenValue, line: string, indent: number): boolean {
  return line.trim() === '' || indent > open.indent || (!open.isBlock && !isKey.test(line));
}

const isKey = /^\s*('(?:[^']|'')+'|[A-Za-z_]\w*):(?: +(.*)|)$/;

function unquoted(text: string): string {
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/.test(text)) return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  return text.replace(/^"/, '');
}
