/** What a Bash call runs, as far as its text tells. Pure; no shell's whole grammar, but quotes are respected. */

/** One command of a line: its words without quotes, assignments and wrappers in front. */
export type Words = readonly string[];

/** A command line may carry a whole file as a here-document: its beginning says what it does. */
const longestRead = 2000;

/** The commands that the line runs one after the other or in a pipe. */
export function simpleCommands(line: string): readonly Words[] {
  const commands: string[][] = [[]];
  for (const token of tokensOf(line.slice(0, longestRead))) {
    if (token.kind === 'end') commands.push([]);
    else commands.at(-1)?.push(token.word);
  }
  return commands.map(withoutWrappers).filter((words) => words.length > 0);
}

type Token = { readonly kind: 'word'; readonly word: string } | { readonly kind: 'end' };

/**
 * A separator, or a word: pieces in quotes, escaped characters and plain ones. A quote that isn't closed reaches to
 * the end.
 */
const tokenPattern =
  /(?<end>\|\||&&|[;|()\n]|(?<![<>])&(?!>))|(?<word>(?:'[^']*(?:'|$)|"(?:\\[^]|[^"\\])*(?:"|$)|\\[^]|[^\s;|&()'"\\]|(?<=[<>])&|&(?=>))+)/g;

function* tokensOf(line: string): Generator<Token> {
  for (const { groups } of line.matchAll(tokenPattern)) {
    if (groups?.['end'] !== undefined) yield { kind: 'end' };
    else yield { kind: 'word', word: unquoted(groups?.['word'] ?? '') };
  }
}

function unquoted(word: string): string {
  if (!/['"\\]/.test(word)) return word;
  return word.replace(
    /'([^']*)'?|"((?:\\[^]|[^"\\])*)"?|\\([^])/g,
    (_all, ...parts: (string | undefined)[]) =>
      (parts[0] ?? parts[1] ?? parts[2] ?? '').replace(/\\(["\\$`])/g, '$1'),
  );
}

/** What stands in front of a command without changing what it is. */
const wrappers = new Set(['sudo', 'time', 'nohup', 'exec', 'command', 'env', 'nice', 'stdbuf', 'xvfb-run']);
/** Words of the grammar, and commands that only set the scene. */
const keywords = new Set(['if', 'then', 'else', 'do', 'while', 'until', '!', '{', '$']);
const scenery = new Set([
  'cd',
  'export',
  'set',
  'source',
  '.',
  'pushd',
  'popd',
  'true',
  ':',
  'done',
  'fi',
  'for',
  'wait',
]);

function withoutWrappers(words: readonly string[]): Words {
  let start = 0;
  for (; start < words.length; start += 1) {
    const raw = words[start] ?? '';
    const word = nameOf(raw);
    if (keywords.has(word) || wrappers.has(word) || /^\w+=/.test(raw)) continue;
    if (word === 'timeout') {
      // Its options and the duration are no command.
      while (/^(?:-|\d+(?:\.\d+)?[smhd]?$)/.test(words[start + 1] ?? '')) start += 1;
      continue;
    }
    break;
  }
  const [first, ...rest] = words.slice(start);
  const name = nameOf(first);
  return name === '' || scenery.has(name) ? [] : [name, ...rest];
}

/** A program by whatever path. */
function nameOf(word = ''): string {
  return word.replace(/^.*\//, '');
}
