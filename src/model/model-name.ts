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

/**
 * Whether both may name one model. Which version a short name stands for, and what a server calls its models, others
 * decide: only two kinds, or two versions of one, are sure to differ.
 */
export function mayBeSameModel(one: string, other: string): boolean {
  const [left, right] = [versionOf(one), versionOf(other)];
  if (left.kind === null || right.kind === null) return true;
  if (left.kind !== right.kind) return false;
  return left.version === null || right.version === null || left.version === right.version;
}

/** null: the name doesn't say. */
function versionOf(model: string): { readonly kind: string | null; readonly version: string | null } {
  const bare = model.replace(/\[1m\]$/, '').replace(/-\d{8}$/, '');
  const kind = /\b(?:opus|sonnet|haiku|fable)\b/.exec(bare)?.[0] ?? null;
  return { kind, version: /^(?:claude-)?[a-z]+-(\d+(?:-\d+)?)$/.exec(bare)?.[1] ?? null };
}

/** As the API wants it: `haiku` and `haiku-5-5` are `claude-haiku-5-5`; a name that says nothing to us stays as it is. */
export function apiModel(model: string): string {
  const bare = model.replace(/^claude-/, '');
  if (Object.hasOwn(aliases, bare)) return `claude-${aliases[bare] ?? bare}`;
  return /^(?:opus|sonnet|haiku|fable)-\d/.test(bare) ? `claude-${bare}` : model;
}

/** Tokens of the model's window: 200,000 for those of 4.5, 1,000,000 for later ones; the smaller where nobody knows. */
export function modelWindow(model: string): number {
  const version = /^(?:opus|sonnet|haiku|fable)-(\d+)(?:-(\d+))?$/.exec(canonicalModel(model));
  if (version === null) return 200_000;
  const [, major = '0', minor = '0'] = version;
  return Number(major) > 4 || (Number(major) === 4 && Number(minor) > 5) ? 1_000_000 : 200_000;
}
