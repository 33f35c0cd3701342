/** The text as one line of prose: line ends, control characters and those that reverse a line become a blank. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
}
