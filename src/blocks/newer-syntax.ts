/** Valid code that the grammars don't know: what the parser is given in its place has its length and its brackets. Pure. */

/** A part of a text, and what the parser is to read there. */
interface Reading {
  readonly from: number;
  readonly to: number;
  /** As long as the part. */
  readonly text: string;
}

export type NewerSyntax = (text: string) => readonly Reading[];

export function withReadings(text: string, readings: readonly Reading[]): string {
  let read = '';
  for (const reading of readings.toSorted((a, b) => a.from - b.from))
    // One within another is read in the next round, if at all.
    if (reading.from >= read.length) read += text.slice(read.length, reading.from) + reading.text;
  return read + text.slice(read.length);
}

/** What a pattern finds, read as that text and blanks; without a text as blanks only. */
function reading(pattern: RegExp, as = ''): NewerSyntax {
  return (text) =>
    Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
      from: index,
      to: index + found.length,
      text: as.padEnd(found.length),
    }));
}

function anyOf(...all: readonly NewerSyntax[]): NewerSyntax {
  return (text) => all.flatMap((each) => each(text));
}

export const newerScript: NewerSyntax = anyOf(
  // Nothing but comments between braces, as JSX has it.
  reading(/(?<=\{)\s*(?:(?:\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\r\n]*[\r\n])\s*)+(?=\})/g, '0'),
  // Decorators before `export`.
  reading(/(?<=(?:\)|@[\w$.]+)\s*)export(?:\s+default)?(?=\s+(?:abstract\s+)?class\b)/g),
  reading(/(?<=\binfer\s+[\w$]+)\s+extends\s+[\w$.]+(?=\s*[)\]>,}])/g),
  reading(/(?<=[<,]\s*)(?:in\s+out|in|out)(?=\s+[\w$])/g),
  reading(/\babstract(?=\s+new\s*[(<])/g),
);

export const newerC: NewerSyntax = anyOf(
  reading(/\?\s*:(?!:)/g, '||'),
  // A macro that stands for a text, beside another text: `"%" PRId64 "\n"`.
  reading(/(?<=")\s*\b(?![LU]?R?")[A-Z]\w*(?=\s*")|(?<=[(,]\s*)\b[A-Z]\w*(?=\s+")/g),
);

export const newerPhp: NewerSyntax = anyOf(
  reading(/\b(?:final\s+readonly|readonly\s+final)(?=\s+class\b)/g, 'final'),
  reading(/\b(?:abstract\s+readonly|readonly\s+abstract|(?<!final\s+)readonly)(?=\s+class\b)/g, 'abstract'),
  reading(/(?<=\bcase\s+\w+)\s*=\s*(?:"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|-?\d+)(?=\s*;)/g),
);

const pythonTokens =
  /#[^\r\n]*|"""[^]*?"""|'''[^]*?'''|"(?:\\[^]|[^"\\\r\n])*"|'(?:\\[^]|[^'\\\r\n])*'|[[({\])}"']/g;

/** `with (open(a) as x, open(b) as y):` is read without the outer parentheses, on one line. */
export const newerPython: NewerSyntax = (text) =>
  Array.from(text.matchAll(/\bwith\s*(?=\()/g), ({ 0: found, index }) => {
    const from = index + found.length;
    const to = closeOf(text, from, pythonTokens);
    return to === null || !/^\s*:/.test(text.slice(to)) ? [] : { from, to, text: onOneLine(text, from, to) };
  }).flat();

function onOneLine(text: string, from: number, to: number): string {
  const inner = text.slice(from + 1, to - 1);
  const joined = inner.replaceAll(new RegExp(`${pythonTokens.source}|[\\r\\n]`, 'g'), (token) =>
    /^[#\r\n]/.test(token) ? ' '.repeat(token.length) : token,
  );
  return ` ${joined.replace(/,(?=\s*$)/, ' ')} `;
}

const javaTokens =
  /\/\*[^]*?\*\/|\/\/[^\r\n]*|"""[^]*?"""|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'|\/\*|[[({\])}"']/g;

/** A `switch` that is a value is read as a function of the statements in it, without their labels. */
export const newerJava: NewerSyntax = (text) => {
  const found: Reading[] = [];
  for (const { 0: word, index } of text.matchAll(switchValues)) {
    // One within another is read with it.
    if (index < (found.at(-1)?.to ?? 0)) continue;
    const subjectEnd = closeOf(text, index + word.length, javaTokens);
    if (subjectEnd === null) continue;
    const body = subjectEnd + (/^\s*/.exec(text.slice(subjectEnd))?.[0].length ?? 0);
    const to = text[body] === '{' ? closeOf(text, body, javaTokens) : null;
    if (to === null) continue;
    const head = '()->'.padEnd(body - index);
    found.push({ from: index, to, text: head + statementsOf(text.slice(body, to)) });
  }
  return found;
};

const switchValues = /(?<=(?:[=(,?]|->|\b(?:return|yield))\s*)switch\s*(?=\()/g;

function statementsOf(body: string): string {
  return withReadings(body, newerJava(body))
    .replaceAll(caseLabels, (label) => ' '.repeat(label.length))
    .replaceAll(/(?<=[{};]\s*)yield(?=[\s(])/g, 'throw');
}

const caseLabels =
  /(?<=[{};:]\s*)(?:case\b(?:"(?!"")(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'|\([^(){};"']*\)|[^"'():;{}])*?|default\s*)(?:->|:)/g;

/** Where the bracket at that place is closed, after its other half; null: nowhere, or something in it isn't. */
function closeOf(text: string, at: number, tokens: RegExp): number | null {
  const open: string[] = [];
  const rest = new RegExp(tokens);
  rest.lastIndex = at;
  for (let match = rest.exec(text); match !== null; match = rest.exec(text)) {
    const [token] = match;
    if (isUnclosed.test(token)) return null;
    const close = closing[token];
    if (close !== undefined) open.push(close);
    else if (/^[\])}]$/.test(token) && open.pop() !== token) return null;
    if (open.length === 0) return rest.lastIndex;
  }
  return null;
}

const isUnclosed = /^(?:["']|\/\*)$/;

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
