/**
 * Looking into parsed JSON by hand: a schema per record would take longer than everything else, and whatever a record
 * lacks or has of another type is simply not there.
 */

export type Fields = Readonly<Record<string, unknown>>;

const nothing: Fields = {};

/** The object; for anything else one without fields. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : nothing;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The list; for anything else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or null; an empty one counts as none. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A count: finite and not negative; anything else is 0. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** Milliseconds since the epoch; null when the value is no instant. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * A copy that owns its characters. A part of a string keeps the whole in memory, and here the whole may be megabytes of a
 * tool's output.
 */
export function owned(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

const longestExcerpt = 240;

/** At most 240 characters, cut where a word ends, so that no half of a secret stays behind that nobody would know for one. */
export function excerpt(text: string): string {
  if (text.length <= longestExcerpt) return owned(text);
  return `${owned(text.slice(0, longestExcerpt).replace(/\S+$/, ''))}…`;
}
