import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether the path, taken from the folder, lies in it; the folder itself doesn't. Links are not looked at. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, resolve(folder, path));
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
