/** The only place that prints. stdout is the result, stderr is progress. Known secrets reach neither. */
import { createMask } from '../system/mask.js';

export interface Reporter {
  /** The result: lines of text for a person, or the document under `--json`. */
  result(text: string, document: unknown): void;
  /** The result as records of a CSV file, each to end as RFC 4180 wants it. */
  csv(records: readonly string[]): void;
  /** A line of a result that comes bit by bit; under `--json` it is progress. */
  line(text: string): void;
  progress(line: string, importance?: 'detail'): void;
  /** What went wrong, and the way out. */
  problem(lines: readonly string[], document: unknown): void;
  /** One JSON line of a stream of them. */
  record(document: unknown): void;
  /** Whether `live` shows anything: on a terminal that was not asked to be quiet. */
  readonly isLive: boolean;
  /** A line at the bottom of the terminal that the next one replaces; null takes it away. */
  live(line: string | null): void;
}

interface Loudness {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** @param options - `--json`, `--quiet` and `--verbose` decide what goes where. */
export function createReporter(options: Loudness): Reporter {
  const mask = createMask(process.env);
  // Text by text: across the quotes of the whole, a mask could tear the document.
  const maskedText = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? mask(value) : value;
  const printable = (text: string): string => harmless(mask(text));
  const document = (value: unknown): void => {
    process.stdout.write(`${JSON.stringify(value, maskedText)}\n`);
  };
  const toStdout = (text: string): void => {
    live(null);
    process.stdout.write(`${printable(text)}\n`);
  };
  const toStderr = (text: string): void => {
    live(null);
    process.stderr.write(`${printable(text)}\n`);
  };
  const isLive = process.stderr.isTTY && options.quiet !== true;
  let shown = '';
  const live = (line: string | null): void => {
    const next =
      !isLive || line === null
        ? ''
        : shortenedTo(printable(line), (process.stderr.columns || defaultColumns) - 1);
    if (next !== shown) process.stderr.write(`\r${eraseLine}${next}`);
    shown = next;
  };
  return {
    isLive,
    live,
    record: document,
    result(text, value) {
      if (options.json === true) document(value);
      else if (text !== '') toStdout(text);
    },
    csv(records) {
      live(null);
      process.stdout.write(records.map((record) => `${printable(record)}\r\n`).join(''));
    },
    line(text) {
      if (options.json === true) this.progress(text);
      else toStdout(text);
    },
    progress(line, importance) {
      const isWanted = importance === undefined ? options.quiet !== true : options.verbose === true;
      if (isWanted) toStderr(line);
    },
    problem(lines, value) {
      const text = lines.join('\n');
      toStderr(options.quiet === true ? shortened(text) : text);
      if (options.json === true) document(value);
    },
  };
}

/** Of a terminal that doesn't say. */
const defaultColumns = 80;

/** Of a terminal: from the cursor to the end of the line. */
const eraseLine = '\u001b[K';

/** A line that wrapped couldn't be replaced. */
function shortenedTo(line: string, columns: number): string {
  if (line.length <= columns) return line;
  // Half of a character that the cut goes through is left out.
  return `${line.slice(0, Math.max(0, columns - 1)).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** An agent session calls regen with --quiet, and the contract promises it a kilobyte at most. */
const longestBytes = 1000;

function shortened(text: string): string {
  if (Buffer.byteLength(text) <= longestBytes) return text;
  const rest = '…\nWithout --quiet there is more.';
  const room = longestBytes - Buffer.byteLength(rest);
  // A character that the cut goes through becomes a replacement character: drop it.
  return (
    Buffer.from(text)
      .subarray(0, room)
      .toString('utf8')
      .replace(/\uFFFD$/, '') + rest
  );
}

/** Names and messages come from anywhere, and must not steer the terminal. */
function harmless(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}|\p{Bidi_Control}/gu, '\uFFFD');
}
