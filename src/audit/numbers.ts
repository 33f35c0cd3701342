/** The numbers of a text: which stand in a row, which belong to a random draw. Pure. */
import type { Lexed, Token } from './lexer.js';
import { isSettingName } from './words.js';

export interface NumbersOf {
  /** Those that stand in a row with three more: data, most of the time. */
  readonly inRows: ReadonlySet<string>;
  /** All others: sizes, margins, seeds. */
  readonly single: ReadonlySet<string>;
  /** Four neighbours of a row, as `9 7 4 2`; no progression is among them. */
  readonly runs: ReadonlySet<string>;
  /** Calls that draw at random, with their numbers: `normal(170 8 150)`. */
  readonly draws: ReadonlySet<string>;
}

/** Three numbers are a size or a color; four in the same order are data. */
const runLength = 4;

/** Pairs and triples interleave series: `[[1, 9], [2, 7]]` has the same second series as `[9, 7]`. */
const usualStrides = [1, 2, 3];

/** A specification's table may have any number of columns; whichever is taken out of it is dictated. */
export const dictatedStrides: readonly number[] = Array.from({ length: 12 }, (_, index) => index + 1);

export function numbersOf(lexed: Lexed, strides: readonly number[] = usualStrides): NumbersOf {
  const rows = rowsOf(lexed);
  const data = rows.filter((row) => row.length >= runLength && !areSettings(row)).map(numbersAlone);
  const inRows = new Set(data.flat());
  return {
    inRows,
    single: new Set(rows.flatMap(numbersAlone).filter((each) => !inRows.has(each))),
    runs: new Set(data.flatMap((row) => strides.flatMap((stride) => runsOf(row, stride)))),
    draws: new Set(drawsOf(lexed.tokens)),
  };
}

/** `1_000`, `1000.0` and `1e3` are one number. */
export function plainNumber(text: string): string {
  return /^[1-9]\d{0,14}$/.test(text) ? text : String(Number(text.replaceAll('_', '')));
}

/** The numbers of a run or of a draw. */
export function numbersIn(run: string): readonly string[] {
  return run.replace(/^.*\(|\)$/g, '').split(' ');
}

/** More tokens than these between two numbers, and they don't belong together. */
const widestGap = 10;

/** What may stand between the numbers of one row besides words and strings: a label, a key, a sign, a bracket. */
const gapSymbols: Readonly<Record<Lexed['family'], RegExp>> = {
  hash: /^[,[\]{}():|-]$/,
  slash: /^[,[\]{}():|-]$/,
  prose: /^[^.=;!?]$/,
};

interface Entry {
  readonly number: string;
  /** What stands before it with a colon; null when nothing does. */
  readonly key: string | null;
}

type Row = readonly Entry[];

function rowsOf({ tokens, family }: Lexed): readonly Row[] {
  const rows: Row[] = [];
  let open: Entry[] = [];
  let gap = 0;
  const close = (): void => {
    if (open.length > 0) rows.push(open);
    open = [];
  };
  tokens.forEach((token, index) => {
    if (token.kind === 'number') {
      if (gap > widestGap) close();
      open.push({ number: plainNumber(token.text), key: keyBefore(tokens, index) });
      gap = 0;
      return;
    }
    gap += 1;
    const listed = token.kind === 'string' ? listedNumbers(token.text) : [];
    if (listed.length > 0) {
      close();
      rows.push(listed.map((number) => ({ number, key: null })));
    } else if (endsRow(token, tokens[index + 1], gapSymbols[family])) close();
  });
  close();
  return rows;
}

function keyBefore(tokens: readonly Token[], index: number): string | null {
  return tokens[index - 1]?.text === ':' ? (tokens[index - 2]?.text ?? null) : null;
}

/** `{ title: 24, label: 20, tick: 16, note: 14 }`: a house's style has such tables, and they aren't data. */
function areSettings(row: Row): boolean {
  const keys = new Set(row.map(({ key }) => key));
  return keys.size === row.length && row.every(({ key }) => key !== null && isSettingName(key));
}

function numbersAlone(row: Row): readonly string[] {
  return row.map(({ number }) => number);
}

function endsRow(token: Token, next: Token | undefined, between: RegExp): boolean {
  if (token.kind === 'symbol') return !between.test(token.text);
  return token.kind === 'word' && next?.text === '(';
}

/** A string that lists numbers (`"Rye,48\nSpelt,31…"`); `rgb(…)`, dates, versions and `16px` aren't any. */
export function listedNumbers(text: string): readonly string[] {
  const listed =
    text.match(/(?<=^["'`]{1,3}|[\s,;|]|\\[nt])\d+(?:\.\d+)?(?=["'`]{1,3}$|[\s,;|]|\\[nt])/g) ?? [];
  return listed.length < runLength ? [] : listed.map(plainNumber);
}

function runsOf(row: readonly string[], stride: number): string[] {
  const runs: string[] = [];
  for (let first = 0; first + 3 * stride < row.length; first += 1) {
    const [a = '', b = '', c = '', d = ''] = [0, 1, 2, 3].map((step) => row[first + step * stride]);
    if (!isProgression(Number(a), Number(b), Number(c), Number(d))) runs.push(`${a} ${b} ${c} ${d}`);
  }
  return runs;
}

/** `1 2 3 4`, `0 10 20 30`, `1 10 100 1000`: anybody counts like that. */
function isProgression(a: number, b: number, c: number, d: number): boolean {
  const isNear = (left: number, right: number): boolean => Math.abs(left - right) <= 1e-9 * Math.abs(left);
  return (isNear(b - a, c - b) && isNear(b - a, d - c)) || (isNear(b * b, a * c) && isNear(c * c, b * d));
}

/** Names of what draws at random, in numpy, R, JavaScript's libraries and the standard ones. */
const drawing =
  /seed|rng|random|^r?(?:normal|norm|uniform|unif|poisson|pois|gamma|beta|binomial|binom|exponential|exp|lognormal|lnorm|laplace|weibull|triangular|vonmises|gauss|integers|randint|choice|sample|shuffle)$/i;

/** A seed alone, with all of its digits, is a draw too. */
function drawsOf(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token, index) => {
    const isCall = token.kind === 'word' && tokens[index + 1]?.text === '(' && drawing.test(token.text);
    const numbers = isCall ? argumentsOf(tokens, index + 2) : [];
    return numbers.length === 0 ? [] : [`${token.text.toLowerCase()}(${numbers.join(' ')})`];
  });
}

function argumentsOf(tokens: readonly Token[], first: number): readonly string[] {
  const numbers: string[] = [];
  let depth = 1;
  // An unclosed bracket mustn't take in the rest of the file.
  for (const token of tokens.slice(first, first + 40)) {
    if (token.kind === 'number' && depth === 1) numbers.push(plainNumber(token.text));
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0) return numbers;
  }
  return [];
}
