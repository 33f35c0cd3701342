/** The only place that prints. stdout is the result, stderr is progress. */

export interface Reporter {
  /** The result: lines of text for a person, or the document under `--json`. */
  result(text: string, document: unknown): void;
  /** A line of a result that comes bit by bit; under `--json` it is progress. */
  line(text: string): void;
  progress(line: string, importance?: 'detail'): void;
  /** What went wrong, and the way out. */
  problem(lines: readonly string[], document: unknown): void;
}

interface Loudness {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** @param options - `--json`, `--quiet` and `--verbose` decide what goes where. */
export function createReporter(options: Loudness): Reporter {
  const document = (value: unknown): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  };
  const toStdout = (text: string): void => {
    process.stdout.write(`${printable(text)}\n`);
  };
  const toStderr = (text: string): void => {
    process.stderr.write(`${printable(text)}\n`);
  };
  return {
    result(text, value) {
      if (options.json === true) document(value);
      else if (text !== '') toStdout(text);
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
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '\uFFFD');
}
