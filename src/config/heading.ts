/** `items.heading` without the YAML parser, which costs more than all the rest of `regen status`. */

export type ScannedHeading =
  | { readonly kind: 'plain'; readonly heading: string }
  | { readonly kind: 'none' }
  /** Only the parser can tell. */
  | { readonly kind: 'ambiguous' };

/** Reads the text of a regen.yaml; says `ambiguous` rather than guess. */
export function scanHeading(text: string): ScannedHeading {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#|$)/.test(line));
  if (!lines.some((line) => line.includes('heading'))) return { kind: 'none' };
  const section = sectionOf(lines, 'items');
  const indent = /^ +/.exec(section[0] ?? '')?.[0];
  if (indent === undefined) return { kind: 'ambiguous' };
  const entries = section.filter((line) => line.startsWith(`${indent}heading:`));
  const value = readScalar(entries[0]?.slice(`${indent}heading:`.length) ?? '');
  const next = section[section.indexOf(entries[0] ?? '') + 1];
  const isContinued = next?.startsWith(`${indent} `) === true;
  if (entries.length !== 1 || value === null || isContinued) return { kind: 'ambiguous' };
  return { kind: 'plain', heading: value };
}

/** The lines below a key at column 0; none when the key stands twice, or with a value on its own line. */
function sectionOf(lines: readonly string[], key: string): readonly string[] {
  const starts = [...lines.keys()].filter((index) => lines[index]?.startsWith(`${key}:`));
  const [start] = starts;
  if (starts.length !== 1 || start === undefined) return [];
  if (!/^:\s*(?:#|$)/.test(lines[start]?.slice(key.length) ?? '')) return [];
  const below = lines.slice(start + 1);
  const end = below.findIndex((line) => !line.startsWith(' '));
  return end === -1 ? below : below.slice(0, end);
}

function readScalar(text: string): string | null {
  const match = /^\s+(?:'([^'\\]+)'|"([^"\\]+)"|(\p{L}[\p{L}\p{N} _-]*?))\s*(?:\s#.*)?$/u.exec(text);
  const plain = match?.[3];
  if (plain !== undefined && /^(?:null|true|false)$/i.test(plain)) return null;
  return match?.[1] ?? match?.[2] ?? plain ?? null;
}
