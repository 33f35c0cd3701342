/** The comment at the end of a pull request's body that says which attempt it belongs to. Pure. */
import type { ItemRef } from '../model/attempt.js';
import { decodeId, encodeId } from '../model/ids.js';

export interface Marker extends ItemRef {
  /** The attempt's UUID. */
  readonly attempt: string;
}

export function formatMarker({ attempt, target, item }: Marker): string {
  return `<!-- regen: attempt=${attempt} target=${encode(target)} item=${encode(item)} -->`;
}

/** The last marker of a body: ours is written at the end. null when there is none. */
export function parseMarker(body: string): Marker | null {
  const match = [...body.matchAll(/<!-- regen: attempt=(\S+) target=(\S+) item=(\S+) -->/g)].at(-1);
  const [, attempt, target, item] = match ?? [];
  if (attempt === undefined || target === undefined || item === undefined) return null;
  return { attempt, target: decodeId(target), item: decodeId(item) };
}

// encodeId leaves @ alone; in a body it would read as a mention.
function encode(id: string): string {
  return encodeId(id).replaceAll('@', '%40');
}
