/** In words that follow the path: why it is none of a file in the repository; null when it can be one. */
export function pathFault(path: string): string | null {
  const segments = path.split('/');
  if (/^(?:\/|~(?:\/|$)|[A-Za-z]:[\\/])/.test(path))
    return 'is absolute; write it relative to the repository';
  if (segments.includes('..')) return 'leads out of the repository; write a path without ".."';
  if (segments.some((segment) => segment.toLowerCase() === '.git'))
    return 'lies in .git; choose another path';
  if (!segments.some((segment) => segment === '' || segment === '.')) return null;
  const tidy = segments.filter((segment) => segment !== '' && segment !== '.').join('/');
  return `is not how git writes a path, so nothing would match; write ${JSON.stringify(tidy)}`;
}
