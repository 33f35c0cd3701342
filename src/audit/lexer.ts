/**
 * Any text as words, numbers, strings and symbols, with its comments apart. It knows no language, only three ways to write
 * a comment: a guess that is wrong costs a few tokens, never the file. Pure.
 */

/** `hash`: `#` begins a comment (Python, R, shell). `slash`: `//` does (JavaScript, C, Rust). `prose`: nothing does. */
export type Family = 'hash' | 'slash' | 'prose';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'symbol';
  readonly text: string;
  /** Where it begins in the text. */
  readonly at: number;
}

export interface Comment {
  readonly text: string;
  readonly at: number;
}

export interface Lexed {
  readonly family: Family;
  readonly tokens: readonly Token[];
  /** In Python a text of its own in three quotes is one too. */
  readonly comments: readonly Comment[];
}

const hashEndings = /\.(?:py|pyi|r|rb|jl|pl|pm|sh|bash|zsh|fish|ya?ml|toml|nix|tcl|cmake)$/i;
const slashEndings =
  /\.(?:[cm]?[jt]sx?|json[c5]?|ipynb|java|kts?|scala|c|h|cc|cpp|hpp|cs|go|rs|swift|dart|php|s?css|less|vue|svelte)$/i;

/** By the file's ending; what nobody knows is read as prose. */
export function familyOf(path: string): Family {
  if (hashEndings.test(path)) return 'hash';
  return slashEndings.test(path) ? 'slash' : 'prose';
}

// A quote that never ends, ends with its line: it stood in a regular expression, say.
const quoted = /"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?/u.source;
const number = /(?:0[xX][\da-fA-F_]+|(?<![\p{L}\p{N}_)\]])\.\d+|\d[\d_]*(?:\.\d[\d_]*)?)(?:[eE][+-]?\d+)?/u
  .source;
const rest = String.raw`(${number})|([\p{L}_$][\p{L}\p{N}\p{M}_$]*)|[^\s]`;

/** Each captures comment, string, number and word; a symbol is what is left. */
const patterns: Readonly<Record<Family, RegExp>> = {
  hash: new RegExp(String.raw`(#[^\n]*)|("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|${quoted})|${rest}`, 'gu'),
  slash: new RegExp(
    `(//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$))|(\`(?:\\\\[\\s\\S]|[^\`\\\\])*\`?|${quoted})|${rest}`,
    'gu',
  ),
  prose: new RegExp(`($.)|($.)|${rest}`, 'gu'), // no comments and no strings: that never matches
};

export function lex(text: string, family: Family): Lexed {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  for (const match of text.matchAll(patterns[family])) {
    const [found, comment, string, number, word] = match;
    const at = match.index;
    if (comment !== undefined) comments.push({ text: found, at });
    else if (string !== undefined) {
      if (isDocumentation(string, tokens.at(-1))) comments.push({ text: string, at });
      else tokens.push({ kind: 'string', text: string, at });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else tokens.push({ kind: word === undefined ? 'symbol' : 'word', text: found, at });
  }
  return { family, tokens, comments };
}

/** In three quotes and the value of nothing: Python's way to say what a file or a function is for. */
function isDocumentation(text: string, before: Token | undefined): boolean {
  return (
    /^(?:"""|''')/.test(text) &&
    (before === undefined || !/^[=([{,+%]$|^(?:return|f|r|in)$/.test(before.text))
  );
}
