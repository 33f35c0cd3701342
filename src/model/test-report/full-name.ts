/**
 * What `-t` of vitest and jest takes, from a path such as `legend › of nothing › a › b`: suites and test joined by blanks.
 *
 * @param leaves - the names of failing tests alone, where the runner lists them: a name may hold the separator.
 */
export function fullName(path: string, separator: string, leaves: ReadonlySet<string>): string {
  const leaf = [...leaves].find((name) => name.includes(separator) && path.endsWith(`${separator}${name}`));
  if (leaf === undefined) return path.replaceAll(separator, ' ');
  return `${path.slice(0, -leaf.length - separator.length).replaceAll(separator, ' ')} ${leaf}`;
}
