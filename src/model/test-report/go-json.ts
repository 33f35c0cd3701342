/** go test -json: the text of each package, package by package. */
import { createGo } from './go.js';
import { createLines } from './lines.js';
import type { LineSplitter } from './lines.js';
import type { RunnerReader } from './report.js';

export function createGoJson(): RunnerReader {
  const text = createGo();
  let hasSeen = false;
  /** Packages run at once; each one's text is read in one piece when it has ended. */
  const open = new Map<string, { readonly lines: string[]; readonly splitter: LineSplitter }>();

  function flush(name: string): void {
    const found = open.get(name);
    if (found === undefined) return;
    found.splitter.end();
    for (const line of found.lines) text.line(line);
    open.delete(name);
  }

  return {
    get isListening() {
      return true;
    },
    line(line) {
      const event = line.startsWith('{"') ? eventOf(line) : null;
      if (event === null) {
        // The compiler's words come as they are.
        if (hasSeen || text.isListening || /^(?:# |FAIL\t|ok )/.test(line)) text.line(line);
        return;
      }
      hasSeen = true;
      if (event.output !== null) outputOf(event.name).add(event.output);
      if (event.isEnd) flush(event.name);
    },
    end(hasFailed) {
      if (!hasSeen) return null;
      for (const name of [...open.keys()]) flush(name);
      return text.end(hasFailed);
    },
  };

  function outputOf(name: string): LineSplitter {
    const known = open.get(name);
    if (known !== undefined) return known.splitter;
    const lines: string[] = [];
    const splitter = createLines((line) => {
      // Bounded: of a package that prints on and on, the end says what failed.
      if (lines.push(line) > 6000) lines.splice(0, 3000);
    });
    open.set(name, { lines, splitter });
    return splitter;
  }
}

interface Event {
  readonly name: string;
  readonly output: string | null;
  /** The package's, not one of its tests'. */
  readonly isEnd: boolean;
}

function eventOf(line: string): Event | null {
  if (!line.includes('"Action"')) return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('Action' in value)) return null;
    const name =
      'Package' in value && typeof value.Package === 'string'
        ? value.Package
        : 'ImportPath' in value && typeof value.ImportPath === 'string'
          ? value.ImportPath
          : null;
    if (name === null) return null;
    const output = 'Output' in value && typeof value.Output === 'string' ? value.Output : null;
    return { name, output, isEnd: !('Test' in value) && /^(?:pass|fail|skip)$/.test(String(value.Action)) };
  } catch {
    // A line that was cut, or a test's own JSON.
    return null;
  }
}
