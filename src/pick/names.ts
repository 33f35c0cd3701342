/** Code point order, which is also git's order of bytes; `<` on strings compares UTF-16 units. */
export function compareNames(left: string, right: string): number {
  if (left === right) return 0;
  if (hasSurrogate(left) || hasSurrogate(right)) return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : 1;
}

/** Each name once, in order. */
export function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(compareNames);
}

function hasSurrogate(text: string): boolean {
  return /[\uD800-\uDFFF]/.test(text);
}
