/** Version numbers as lists of whole numbers. Pure. */

export type Version = readonly number[];

/** The first version in the text, `2.39.5` in "git version 2.39.5 (Apple)"; null when there is none. */
export function findVersion(text: string): Version | null {
  const found = /\d+(?:\.\d+)+/.exec(text)?.[0];
  return found === undefined ? null : found.split('.').map(Number);
}

/** Whether the version is at least the other one, in as many numbers as the other one gives. */
export function isAtLeast(version: Version, other: Version): boolean {
  for (const [index, number] of other.entries()) {
    const own = version[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

export function formatVersion(version: Version): string {
  return version.join('.');
}
