/** `--help` without the parser, which costs more than half of what bare node does. */

/** Put in by the build, see help-texts.ts. */
declare const REGEN_HELP_TEXTS: Readonly<Record<string, string>>;

/** The text, when nothing but help is asked for (`--help`, or `help` in front); null leaves the command line to the parser. */
export function helpFor(argv: readonly string[]): string | null {
  const words = argv.filter((word) => word !== '--help' && word !== '-h');
  const isWord = words[0] === 'help';
  if (!isWord && words.length === argv.length) return null;
  const path = words.slice(isWord ? 1 : 0).join(' ');
  return Object.hasOwn(REGEN_HELP_TEXTS, path) ? (REGEN_HELP_TEXTS[path] ?? null) : null;
}
