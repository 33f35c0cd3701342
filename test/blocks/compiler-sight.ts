/** What compilers make of a file: its code without comments and documentation. Written by their rules, not by our parsers. */

type Sight = (text: string) => string;

const literal = /"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`/y;

/** Code with strings as they are and comments as blanks; a comment that never ends takes in the rest. */
function withoutComments(text: string, { nests = false, lineEnd = /[\n\r]/ } = {}): string {
  let code = '';
  for (let at = 0; at < text.length;) {
    literal.lastIndex = at;
    const quoted = literal.exec(text)?.[0];
    if (quoted !== undefined) code += quoted;
    const skipped = quoted?.length ?? commentLength(text.slice(at), nests, lineEnd);
    if (skipped === 0) code += text[at] ?? '';
    at += Math.max(1, skipped);
  }
  return code.replaceAll(/\s+/g, ' ').trim();
}

function commentLength(text: string, nests: boolean, lineEnd: RegExp): number {
  if (text.startsWith('//')) return text.split(lineEnd, 1)[0]?.length ?? 0;
  if (!text.startsWith('/*')) return 0;
  let depth = 0;
  for (const { 0: sign, index } of text.matchAll(/\/\*|\*\//g)) {
    if (sign === '/*' && !nests && depth === 1) {
      if (text[index + 2] === '/') return index + 3;
      continue;
    }
    depth += sign === '/*' ? 1 : -1;
    if (depth === 0) return index + 2;
  }
  return text.length;
}

function joinedLines(text: string): string {
  return text.replaceAll('??/', '\\').replaceAll(/\\[^\S\n]*\n/g, '');
}

/** JLS 3.3, one character after the other. */
function decoded(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    if (pair === '\\\\') {
      result += pair;
      at += 1;
    } else if (pair === '\\u') {
      const escape = /^\\u+([\da-fA-F]{4})/.exec(text.slice(at));
      if (escape === null) return 'no Java';
      result += String.fromCharCode(Number.parseInt(escape[1] ?? '', 16));
      at += escape[0].length - 1;
    } else {
      result += text[at] ?? '';
    }
  }
  return result;
}

const pythonToken = /#[^\n]*|([rbu]*)("""|'''|"|')|[^]/gi;
const pythonEscape = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U00(?:0[\da-fA-F]|10)[\da-fA-F]{4}|[^xuUN])/g;

function python(text: string): string {
  const tokens = new RegExp(pythonToken);
  let code = '';
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token, prefix = '', quote] = match;
    if (quote === undefined) {
      code += token.startsWith('#') ? '' : token;
      continue;
    }
    const inner = quote.length === 3 ? '(?:\\\\[^]|[^\\\\])*?' : '(?:\\\\[^]|[^\\\\\\n])*?';
    const body = new RegExp(`${inner}(?=${quote})`, 'y');
    body.lastIndex = tokens.lastIndex;
    const said = body.exec(text)?.[0];
    if (said === undefined) return 'never closed';
    if (!/r/i.test(prefix) && said.replaceAll(pythonEscape, '').includes('\\')) return 'no escape';
    code += `${prefix}""`;
    tokens.lastIndex += said.length + quote.length;
  }
  return code;
}

const plain: Sight = (text) => withoutComments(text);

export const sights: Readonly<Record<string, Sight>> = {
  'a.py': python,
  'a.c': (text) => withoutComments(joinedLines(text)),
  'A.java': (text) => withoutComments(decoded(text)),
  'a.ts': (text) => withoutComments(text, { lineEnd: /[\n\r\u2028\u2029]/ }),
  'a.rs': (text) => withoutComments(text, { nests: true }),
  'a.go': plain,
  'a.php': plain,
};
