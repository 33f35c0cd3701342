/** What is worth telling of a long output: the first lines that look like errors, and how it ended. Pure. */

export interface Excerpt {
  /** The first lines that look like errors, and that `last` doesn't hold anyway. */
  readonly errors: readonly string[];
  readonly last: readonly string[];
  /** Whether `last` is the whole output. */
  readonly isWhole: boolean;
}

export interface ExcerptCollector {
  add(text: string): void;
  excerpt(): Excerpt;
}

const maxErrors = 12;
const maxLast = 40;
const maxLineLength = 240;

/** Collects in little memory, however long the output is. Each text added must end at the end of a line. */
export function createExcerpt(): ExcerptCollector {
  const errors: { readonly index: number; readonly line: string }[] = [];
  let last: string[] = [];
  let count = 0;
  return {
    add(text) {
      for (const raw of text.split('\n')) {
        const line = cleanLine(raw);
        if (line === '') continue;
        if (errors.length < maxErrors && looksLikeError(line)) errors.push({ index: count, line });
        last.push(line);
        count += 1;
        if (last.length > 2 * maxLast) last = last.slice(-maxLast);
      }
    },
    excerpt() {
      const shown = last.slice(-maxLast);
      const before = count - shown.length;
      return {
        errors: errors.filter(({ index }) => index < before).map(({ line }) => line),
        last: shown,
        isWhole: before === 0,
      };
    },
  };
}

/** The one line that says most: the first that looks like an error, else the last; null when there was no output. */
export function tellingLine({ errors, last }: Excerpt): string | null {
  return errors[0] ?? last.find(looksLikeError) ?? last.at(-1) ?? null;
}

/** A text of at most `limit` characters: the facts first, then as much of the excerpt as there is room for. */
export function formatDigest(facts: readonly string[], excerpt: Excerpt, limit = 2000): string {
  const head = cut(facts.join('\n'), limit / 2);
  const errors = section('First errors', fitting(excerpt.errors, (limit - head.length) * 0.4));
  const title = excerpt.isWhole ? 'Output' : 'Last lines';
  const room = limit - head.length - errors.length - title.length - 4;
  // The end of an output says most: lines are left out from the front.
  const last = section(title, fitting([...excerpt.last].reverse(), room).reverse());
  return `${head}${errors}${last}`;
}

/** At most `length` characters, the last one an ellipsis when something was cut off; never half a character. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, Math.floor(length) - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n\n${title}:\n${lines.join('\n')}`;
}

function fitting(lines: readonly string[], room: number): string[] {
  let used = 0;
  const fit: string[] = [];
  for (const line of lines) {
    used += line.length + 1;
    if (used > room) break;
    fit.push(line);
  }
  return fit;
}

/** As a terminal would show it in the end: no colours, and of a line that redraws itself only the last state. */
function cleanLine(raw: string): string {
  if (!control.test(raw)) return cut(raw.trimEnd(), maxLineLength);
  const plain = raw.replace(escapeSequence, '').trimEnd();
  const shown = plain.slice(plain.lastIndexOf('\r') + 1);
  return cut(shown.replace(controls, ''), maxLineLength);
}

// All but tabs; told by code, since this is asked of every line of a log.
const control = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/;
const controls = new RegExp(control, 'g');

// CSI and OSC sequences, and the two-character ones.
const escapeSequence = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_])/g;

function looksLikeError(line: string): boolean {
  return (
    /error|exception|fail|fatal|panic|traceback|assert/i.test(line) &&
    !/\b(?:0|no) (?:errors?|fail)/i.test(line)
  );
}
