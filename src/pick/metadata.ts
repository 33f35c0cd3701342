/** The instant that a metadata file gives: scanned where its text leaves no doubt, parsed as YAML where it does. */
import { parseDocument } from 'yaml';
import { parseInstant } from '../model/instant.js';
import { hasPlainStart, scanField } from './scan.js';

export type FileInstant =
  | { readonly kind: 'instant'; readonly instant: Date }
  /** None of the fields is there. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly why: string };

const byteOrderMark = Buffer.from('\uFEFF');

/** @param fields - the first that is there, with a value, counts. */
export function readInstant(file: Buffer, fields: readonly string[]): FileInstant {
  const content = file.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? file.subarray(byteOrderMark.length)
    : file;
  if (!hasPlainStart(content)) return parseInstantOf(content, fields);
  for (const field of fields) {
    const scanned = scanField(content, field);
    if (scanned.kind === 'absent') continue;
    const instant = scanned.kind === 'value' ? parseInstant(scanned.text) : null;
    return instant === null ? parseInstantOf(content, fields) : { kind: 'instant', instant };
  }
  return { kind: 'absent' };
}

function parseInstantOf(content: Buffer, fields: readonly string[]): FileInstant {
  const document = parseDocument(firstDocument(content.toString('utf8')), { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return { kind: 'unreadable', why: `not valid YAML: ${error.message}` };
  for (const field of fields) {
    const value: unknown = document.contents === null ? undefined : fieldOf(document, field);
    if (value === undefined || value === null) continue;
    const instant = typeof value === 'string' ? parseInstant(value) : null;
    if (instant !== null) return { kind: 'instant', instant };
    return { kind: 'unreadable', why: `"${field}" is no point in time: ${JSON.stringify(value)}` };
  }
  return { kind: 'absent' };
}

function fieldOf(document: ReturnType<typeof parseDocument>, field: string): unknown {
  try {
    const data: unknown = document.toJS();
    if (typeof data !== 'object' || data === null) return undefined;
    return Object.getOwnPropertyDescriptor(data, field)?.value;
  } catch (error) {
    // An alias without its anchor: the parser finds out only now.
    return error instanceof Error ? error.message : String(error);
  }
}

/** Front matter ends at the second `---`; what follows it needn't be YAML. */
function firstDocument(text: string): string {
  const start = /^(?:\s*(?:#.*)?\r?\n)*---/.exec(text)?.[0].length ?? 0;
  const end = /^(?:---|\.\.\.)(?=\s|$)/m.exec(text.slice(start));
  return end === null ? text : text.slice(0, start + end.index);
}
