/** A copy of a text that is kept for long: one that was cut out of a line keeps the whole line in memory. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
