/** Metadata files: some keys are set, every other byte stays as it was. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { isScalar, visit } from 'yaml';
import type { Node } from 'yaml';
import { keyOf, pairOf, readMetadata, textOf } from './metadata-document.js';
import type { MetadataDocument } from './metadata-document.js';
import { additions, replacement, spliced, styleOf } from './metadata-splice.js';
import type { Splice } from './metadata-splice.js';
import { isHeld } from './metadata-values.js';
import type { MetadataValues } from './metadata-values.js';
import { referencesOf } from './yaml-data.js';

/** `unkept`: something else in the file would have changed. */
export type MetadataEdit =
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'unreadable' | 'unkept'; readonly reason: string };

/** Sets the keys: values are replaced where they stand, new keys are added behind the last one. */
export function editMetadata(text: string, values: MetadataValues): MetadataEdit {
  const reading = readMetadata(text);
  if (reading.kind === 'unreadable') return reading;
  const { metadata } = reading;
  const style = styleOf(metadata);
  const replaced = new Map<string, Splice>();
  for (const [key, value] of values) {
    const pair = pairOf(metadata, key);
    const splice = pair === null ? null : replacement(metadata, pair, value, style);
    if (splice !== null) replaced.set(key, splice);
  }
  const needed = neededAnchor(metadata, [...replaced.keys()]);
  if (needed !== null) return { kind: 'unkept', reason: needed };
  const edited = spliced(text, [...replaced.values(), ...additions(metadata, values, style)]);
  const fault = faultOf(metadata, edited, values);
  return fault === null ? { kind: 'edited', text: edited } : { kind: 'unkept', reason: fault };
}

/** What is replaced may be what another key's alias stands for. */
function neededAnchor(metadata: MetadataDocument, keys: readonly string[]): string | null {
  const owners = new Map<Node, string>();
  for (const key of keys) {
    const value = pairOf(metadata, key)?.value ?? null;
    if (value === null) continue;
    visit(value, {
      Node: (_key, node) => {
        owners.set(node, key);
      },
    });
  }
  for (const { alias, anchored } of referencesOf(metadata.document)) {
    const owner = anchored === null ? undefined : owners.get(anchored);
    if (owner === undefined || owners.has(alias)) continue;
    return `another key refers to &${alias.source}, which stands in ${owner}`;
  }
  return null;
}

/** Of an edit: the key that isn't there as wanted, or no longer as it was; null when all are. */
function faultOf(before: MetadataDocument, edited: string, values: MetadataValues): string | null {
  const reading = readMetadata(edited);
  const fault = (key: string): string => `${key} can’t be set without touching what is around it`;
  if (reading.kind === 'unreadable') return fault([...values.keys()].join(', '));
  const after = reading.metadata;
  for (const [key, value] of values) {
    const node = pairOf(after, key)?.value ?? null;
    if (node === null || !isHeld(node, value, after.document)) return fault(key);
  }
  if (isDeepStrictEqual(foreignOf(before, values), foreignOf(after, values))) return null;
  return fault([...values.keys()].join(', '));
}

/** Every other key: its text, since a number may hold more digits than its data; and its data, which an alias may change. */
function foreignOf(metadata: MetadataDocument, values: MetadataValues): unknown {
  const texts = metadata.pairs
    .filter((pair) => !(isScalar(pair.key) && values.has(keyOf(metadata, pair))))
    .map((pair) => textOf(metadata, pair));
  const data = [...metadata.data].filter(([key]) => !values.has(String(key)));
  return [texts, data];
}
