/**
 * Globs with placeholders. Special are `*` (within a path segment), `**` (any number of segments), `?` (one character)
 * and the placeholders `{target}` and `{item}`; everything else, brackets and other braces too, is literal.
 */

/** What a path told about itself; without placeholders the first `*` captures. */
export interface Capture {
  readonly target: string | null;
  readonly item: string | null;
}

export interface Glob {
  readonly source: string;
  /** The longest leading folder without anything special in it, '' at the root: what `ls-tree` has to read. */
  readonly root: string;
  /** What the path captured, or null when it doesn't match. */
  match(path: string): Capture | null;
}

/** Placeholders that are known already; they are matched literally. */
export interface Bound {
  readonly target?: string;
  readonly item?: string;
}

type Name = 'target' | 'item';

/**
 * @param capturing - which name the first `*` stands for when the pattern has no placeholder of that name.
 */
export function compileGlob(source: string, bound: Bound = {}, capturing?: Name): Glob {
  const names: Name[] = [];
  const hasOwn =
    capturing !== undefined && (source.includes(`{${capturing}}`) || bound[capturing] !== undefined);
  let pendingStar = capturing !== undefined && !hasOwn;
  let pattern = '';
  for (const token of source.match(/\{target\}|\{item\}|\*\*\/?|\*|\?|[^*?{]+|\{/g) ?? []) {
    if (token === '{target}' || token === '{item}') {
      const name: Name = token === '{target}' ? 'target' : 'item';
      pattern += placeholder(name, bound, names);
    } else if (token === '**/') pattern += '(?:[^/]+/)*';
    else if (token === '**') pattern += '.*';
    else if (token === '*') {
      pattern += pendingStar && capturing !== undefined ? placeholder(capturing, {}, names) : '[^/]*';
      pendingStar = false;
    } else if (token === '?') pattern += '[^/]';
    else pattern += escapeRegExp(token);
  }
  const regExp = new RegExp(`^${pattern}$`, 'su');
  return {
    source,
    root: literalRoot(source, bound),
    match(path) {
      const groups = regExp.exec(path)?.groups;
      if (groups === undefined) return regExp.test(path) ? { target: null, item: null } : null;
      return { target: groups['target'] ?? null, item: groups['item'] ?? null };
    },
  };
}

/**
 * The pattern with its capturing star spelled out (`a/*.py` as `a/{item}.py`), or null when nothing in it can
 * stand for the name.
 */
export function withPlaceholder(source: string, name: 'target' | 'item'): string | null {
  if (source.includes(`{${name}}`)) return source;
  const star = [...source.matchAll(/\*\*\/?|\*/g)].find(([token]) => token === '*')?.index;
  return star === undefined ? null : `${source.slice(0, star)}{${name}}${source.slice(star + 1)}`;
}

function placeholder(name: Name, bound: Bound, names: Name[]): string {
  const literal = bound[name];
  if (literal !== undefined) return escapeRegExp(literal);
  if (names.includes(name)) return `\\k<${name}>`;
  names.push(name);
  return `(?<${name}>[^/]+)`;
}

function literalRoot(source: string, bound: Bound): string {
  const filled = source
    .replaceAll('{target}', () => bound.target ?? '*')
    .replaceAll('{item}', () => bound.item ?? '*');
  // A bound id may itself hold a star; then the root is only shorter than it could be.
  const special = filled.search(/[*?]/);
  const literal = special === -1 ? filled : filled.slice(0, special);
  return literal.includes('/') ? literal.slice(0, literal.lastIndexOf('/')) : '';
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
