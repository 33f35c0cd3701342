/** Instants as people, YAML, Python and git write them. */

const pattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?[ \t]*([Zz]|[+-]\d{1,2}(?::?\d{2})?)?)?$/;

/**
 * The instant that a text names, or null when it names none: ISO 8601 with any offset, YAML timestamps, git's
 * `2025-11-12 08:14:00 +0000`. A date alone is its midnight, and what has no offset is taken as UTC, as YAML does:
 * an age must not depend on the machine that reads it.
 */
export function parseInstant(text: string): Date | null {
  const match = pattern.exec(text.trim());
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const milliseconds = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
  // Date rolls 30 February over to March: a date that doesn't come back as it was put in doesn't exist.
  const isReal =
    local.getUTCFullYear() === year &&
    local.getUTCMonth() === month - 1 &&
    local.getUTCDate() === day &&
    local.getUTCHours() === hour &&
    local.getUTCMinutes() === minute &&
    local.getUTCSeconds() === second;
  return isReal ? new Date(local.getTime() - offsetMs(match[8])) : null;
}

/** `2025-11-12T08:14:00Z`: to the second, for plans and people. */
export function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}

function offsetMs(offset: string | undefined): number {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(offset ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? '0');
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
