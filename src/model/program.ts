/** Command lines of regen.yaml. Pure. */

/**
 * The first word after any assignments; null when that is a path, a placeholder or anything the shell works out, when the
 * line has a PATH of its own, or something to do in its stead.
 */
export function programOf(line: string): string | null {
  if (/^\s*(?:\w+=\S*\s+)*PATH=/.test(line) || line.includes('||')) return null;
  return /^\s*(?:[A-Za-z_]\w*=[\w./:@-]*\s+)*([\w.+-]+)(?=\s|$)/.exec(line)?.[1] ?? null;
}
