/** Which version of a metadata file the record goes on from: the agent may have rewritten it. Pure. */
import { isScalar } from 'yaml';
import { cut } from '../model/excerpt.js';
import { oneLine } from '../model/one-line.js';
import type { FileContent } from './file-content.js';
import { keyOf, pairOf, readMetadata, textOf } from './metadata-document.js';
import type { MetadataDocument, MetadataReading } from './metadata-document.js';

export interface MetadataVersions {
  readonly base: FileContent;
  readonly agents: FileContent;
  /** Keys that the record sets whatever stands there. */
  readonly own: ReadonlySet<string>;
}

export type MetadataGround =
  | {
      readonly kind: 'ground';
      readonly text: string;
      /** The base has no such file. */
      readonly isNew: boolean;
      /** What a person should know of the choice. */
      readonly note: string | null;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The agent's version, unless it can't be read, has lost a key of the base's or touched `created`: then the base's. */
export function groundOf({ base, agents, own }: MetadataVersions): MetadataGround {
  if (base.kind === 'missing') {
    if (agents.kind === 'foreign') return { kind: 'unreadable', reason: foreign };
    return ground(agents.kind === 'text' ? agents.text : '', null, true);
  }
  if (agents.kind === 'missing') {
    return base.kind === 'text'
      ? ground(base.text, leftOut('was removed'))
      : { kind: 'unreadable', reason: foreign };
  }
  const after = read(agents);
  const before = read(base);
  if (after.kind === 'unreadable') {
    if (before.kind === 'unreadable') return after;
    return ground(before.metadata.text, leftOut(`can’t be read: ${after.reason}`));
  }
  const { text } = after.metadata;
  if (base.kind === 'text' && base.text === text) return ground(text, null);
  if (before.kind === 'unreadable') {
    const note = `what the agent’s version has lost can’t be told: the base’s can’t be read: ${before.reason}`;
    return ground(text, noteOf(note));
  }
  const losses = lossesOf(before.metadata, after.metadata, own);
  return losses === null ? ground(text, null) : ground(before.metadata.text, leftOut(losses));
}

const foreign = 'it is not UTF-8 text';

function ground(text: string, note: string | null, isNew = false): MetadataGround {
  return { kind: 'ground', text, isNew, note };
}

function leftOut(why: string): string {
  return noteOf(`the agent’s version was left out: it ${why}`);
}

function noteOf(text: string): string {
  return `metadata: ${cut(oneLine(text), 300)}`;
}

function read(content: Exclude<FileContent, { kind: 'missing' }>): MetadataReading {
  return content.kind === 'text' ? readMetadata(content.text) : { kind: 'unreadable', reason: foreign };
}

/** In words that follow "it"; null when there are none. */
function lossesOf(
  before: MetadataDocument,
  after: MetadataDocument,
  own: ReadonlySet<string>,
): string | null {
  const kept = new Set(after.pairs.map((pair) => keyOf(after, pair)));
  const lost = before.pairs
    .map((pair) => keyOf(before, pair))
    .filter((key) => !kept.has(key) && !own.has(key));
  const created = own.has('created') ? null : changeOf(createdIn(before), createdIn(after));
  const parts = [
    ...(lost.length === 0 ? [] : [`lost ${lost.join(', ')}`]),
    ...(created === null ? [] : [`${created} created`]),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

/** That it is gone is a loss like others. */
function changeOf(before: string | null, after: string | null): 'added' | 'changed' | null {
  if (before === after || after === null) return null;
  return before === null ? 'added' : 'changed';
}

function createdIn(metadata: MetadataDocument): string | null {
  const pair = pairOf(metadata, 'created');
  if (pair === null) return null;
  const written = isScalar(pair.value) ? (pair.value.source ?? '') : textOf(metadata, pair);
  // An alias is written as before when what it stands for has changed.
  return `${written} ${JSON.stringify(metadata.data.get('created'))}`;
}
