/** Which model a name means. Pure. */

/** What the short names stand for, as of 2026-11. */
const aliases: Readonly<Record<string, string>> = {
  opus: 'opus-5-5',
  sonnet: 'sonnet-5-5',
  haiku: 'haiku-5-5',
};

/** `claude-sonnet-4-5-20250929`, `sonnet-4-5` and the alias of either, as the tables' key: without `claude-` and date. */
export function canonicalModel(model: string): string {
  const bare = model.replace(/^claude-/, '').replace(/-\d{8}$/, '');
  return Object.hasOwn(aliases, bare) ? (aliases[bare] ?? bare) : bare;
}
