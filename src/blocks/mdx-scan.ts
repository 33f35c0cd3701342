/** Finds the ends of MDX's expressions and tags. Pure. */

/** What stands in MDX text besides words. */
export interface MdxText {
  /** Without code spans, tags and expressions. */
  readonly words: string;
  /** Tags that have no other half, in their order: `<b>`, `</Tabs>`. */
  readonly unmatched: readonly string[];
  /** What stands between the braces of expressions that are no part of a tag. */
  readonly expressions: readonly string[];
  /** What MDX would refuse, in words; null: nothing. */
  readonly fault: string | null;
  /** Whether that is something which ends further below. */
  readonly goesOn: boolean;
}

export function scanMdx(text: string): MdxText {
  const tags: string[] = [];
  const expressions: string[] = [];
  let words = '';
  let at = 0;
  while (at < text.length) {
    const part = partAt(text, at);
    if ('fault' in part) return { words, expressions, unmatched: unmatched(tags), ...part };
    if (part.words) words += text.slice(at, part.end);
    if (part.tag !== undefined) tags.push(part.tag);
    if (text[at] === '{') expressions.push(text.slice(at + 1, part.end - 1));
    at = part.end;
  }
  return { words, expressions, unmatched: unmatched(tags), fault: null, goesOn: false };
}

/** Whether code such as `export const a = {` has brackets, texts or comments that it doesn't close. */
export function isOpenCode(code: string): boolean {
  let depth = 0;
  for (const [token] of code.matchAll(tokens)) {
    if (isUnclosed(token)) return true;
    if (/^[[({]$/.test(token)) depth += 1;
    else if (/^[\])}]$/.test(token)) depth -= 1;
  }
  return depth > 0;
}

type Part =
  | { readonly end: number; readonly words: boolean; readonly tag?: string }
  | { readonly fault: string; readonly goesOn: boolean };

function partAt(text: string, at: number): Part {
  switch (text[at]) {
    case '\\':
      return { end: at + 2, words: true };
    case '`':
      return { end: codeSpanEnd(text, at), words: true };
    case '{': {
      const end = expressionEnd(text, at);
      return end === null ? { fault: 'a { that is never closed', goesOn: true } : { end, words: false };
    }
    case '}':
      return { fault: 'a } that closes nothing', goesOn: false };
    case '<':
      return tagAt(text, at);
    default:
      return { end: at + 1, words: true };
  }
}

function codeSpanEnd(text: string, at: number): number {
  const run = /^`+/.exec(text.slice(at))?.[0] ?? '`';
  const rest = new RegExp(`(?<!\`)${run}(?!\`)`, 'g');
  rest.lastIndex = at + run.length;
  const close = rest.exec(text);
  return (close?.index ?? at) + run.length;
}

// Comments and texts first: their brackets count for nothing. What isn't closed stands alone.
const tokens =
  /\/\*[^]*?\*\/|\/\/[^\r\n]*|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'|`(?:\\[^]|[^`\\])*`|\/\*|`|[[({\])}]/g;

function expressionEnd(text: string, at: number): number | null {
  let depth = 0;
  const rest = new RegExp(tokens);
  rest.lastIndex = at;
  for (let match = rest.exec(text); match !== null; match = rest.exec(text)) {
    if (match[0] === '{') depth += 1;
    else if (match[0] === '}') depth -= 1;
    if (depth === 0) return rest.lastIndex;
    if (isUnclosed(match[0])) return null;
  }
  return null;
}

function isUnclosed(token: string): boolean {
  return token === '/*' || token === '`';
}

function tagAt(text: string, at: number): Part {
  if (/^<(?:\s|$)/.test(text.slice(at, at + 2))) return { end: at + 1, words: true };
  const head = /^<(\/?)((?:[A-Za-z_$][\w$-]*(?:[.:][\w$-]+)*)?)(?=[\s/>{]|$)/.exec(text.slice(at));
  if (head === null) return { fault: 'a < that begins no tag', goesOn: false };
  const [begin, slash = '', name = ''] = head;
  const end = tagEnd(text, at + begin.length);
  if (end === null) return { fault: `a <${slash}${name} that is never closed`, goesOn: true };
  const isWhole = text[end - 2] === '/' && begin !== '</';
  return { end, words: false, ...(isWhole ? {} : { tag: `<${slash}${name}>` }) };
}

function tagEnd(text: string, from: number): number | null {
  let at = from;
  while (at < text.length) {
    const sign = text[at];
    if (sign === '>') return at + 1;
    if (sign === '<') return null;
    const quoted = sign === '"' || sign === "'" ? text.indexOf(sign, at + 1) + 1 : at + 1;
    const end = sign === '{' ? expressionEnd(text, at) : quoted;
    if (end === null || end === 0) return null;
    at = end;
  }
  return null;
}

function unmatched(tags: readonly string[]): readonly string[] {
  const open: string[] = [];
  for (const tag of tags) {
    if (tag.startsWith('</') && open.at(-1) === tag.replace('/', '')) open.pop();
    else open.push(tag);
  }
  return open;
}
