/** Characters that no text of a file should come by through a result. Pure. */

/** Which character a result brings that no file should hold; null: none. Those that its block has already may stay. */
export function strangeCharacter(was: string, written: string): string | null {
  for (const character of written.match(strange) ?? []) if (!was.includes(character)) return named(character);
  return null;
}

// Control characters, but for tabs and line ends, and halves of surrogate pairs, which UTF-8 can't say.
const strange = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;

function named(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xd800) return 'holds half a surrogate pair';
  return `holds a control character (${codePointName(code)})`;
}

/** `U+001B`. */
export function codePointName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
