/** Adds lines to a .gitignore and leaves every byte that is there as it was. Pure. */

export interface Extended {
  readonly bytes: Buffer;
  /** What was added, in order; empty when nothing was missing. */
  readonly added: readonly string[];
}

/** @param bytes - the file as it is; empty when there is none. */
export function addIgnoreEntries(bytes: Buffer, entries: readonly string[]): Extended {
  // latin1 keeps every byte, whatever the file's encoding; entries are ASCII.
  const text = bytes.toString('latin1');
  const present = new Set(text.split(/\r?\n/).map(normalized));
  const added = entries.filter((entry) => !present.has(normalized(entry)));
  if (added.length === 0) return { bytes, added };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text === '' || text.endsWith('\n') ? '' : eol;
  const addition = `${start}${added.map((entry) => `${entry}${eol}`).join('')}`;
  return { bytes: Buffer.concat([bytes, Buffer.from(addition, 'latin1')]), added };
}

/** `/.regen`, `.regen/` and `.regen` keep the same folder out. */
function normalized(line: string): string {
  return line.trimEnd().replace(/^\//, '').replace(/\/$/, '');
}
