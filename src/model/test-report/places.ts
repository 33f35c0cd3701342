/** Files and lines in what runners print: stack frames of a dozen languages. */

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Where a line of a trace points to; null when it isn't one. */
export function placeIn(line: string): Place | null {
  // Most lines point nowhere, and patterns are dear.
  if (!/\d/.test(line)) return null;
  for (const pattern of frames) {
    const found = pattern.exec(line)?.groups;
    if (found?.['file'] !== undefined) return { file: plainPath(found['file']), line: Number(found['line']) };
  }
  return null;
}

const frames: readonly RegExp[] = [
  // JavaScript: `at f (file:///a.js:1:2)`, `at a.js:1:2`, vitest's `❯ f a.js:1:2`, AVA's `› a.js:1:2`
  /^\s*(?:at|❯|›) (?:async )?(?:.* )?\(?(?<file>[^\s()]+):(?<line>\d+):\d+\)?(?: \{)?$/,
  // node's `stack:` and tape's `at:` values, without the word before them
  /^\s*(?:[\w.<>[\] ]+ )?\(?(?<file>(?:file:\/\/)?[^\s():]*\.[cm]?[jt]sx?):(?<line>\d+):\d+\)?$/,
  // Python
  /^\s*File "(?<file>[^"]+)", line (?<line>\d+)/,
  /^(?<file>[^\s:][^:]*\.pyx?):(?<line>\d+): (?:in \S|\w+(?:\.\w+)*(?:$|:))/,
  /^(?<file>[^\s:][^:]*\.pyx?):(?<line>\d+):?$/,
  // Go: `/a.go:7 +0x25` of a dump, `a_test.go:12: said`
  /^\s+(?<file>[^\s:]+\.go):(?<line>\d+)(?: \+0x[\da-f]+)?$/,
  /^\s*(?<file>[^\s:]+\.go):(?<line>\d+):/,
  // Rust
  /panicked at (?:'.*', )?(?<file>[^\s:']+\.rs):(?<line>\d+):\d+:?$/,
  /^\s*(?:at|-->) (?<file>[^\s:]+\.rs):(?<line>\d+):\d+$/,
  /^note: test did not panic as expected at (?<file>[^\s:]+):(?<line>\d+):\d+$/,
  // Ruby, PHP
  /^\s*(?:# )?(?<file>[^\s:]+\.rb):(?<line>\d+)(?::in .*)?$/,
  /^(?:#\d+ )?(?<file>\/?[^\s:()]+\.php)[:(](?<line>\d+)\)?/,
  // Java, .NET
  /^\s*at (?!(?:java|javax|jdk|sun|kotlin|org\.(?:junit|apache|opentest4j|hamcrest|assertj|gradle))[./])[\w.$<>/@]+\((?<file>\w+\.(?:java|kt|groovy|scala)):(?<line>\d+)\)/,
  /^\s*at .* in (?<file>.+):line (?<line>\d+)$/,
];

/** A file of the runner's, the language's or a package's: seldom what is to be mended. */
export function isForeign(file: string): boolean {
  return /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor)\/|^\/(?:usr|opt|rustc|nix)\/|^(?:node|internal|native):|^<|^(?:_testmain|testing)\.go$|\/\.(?:cargo|rustup|pyenv|rbenv|venv)\//.test(
    file,
  );
}

function plainPath(file: string): string {
  const path = file.replace(/^file:\/\/(?=.)/, '').replace(/^\.\//, '');
  // AVA shortens the URL of a file to one without a root.
  return path.startsWith('/') || !file.startsWith('file:///') ? path : `/${path}`;
}

/** Whether two spellings, one perhaps absolute, name the same file. */
export function isSameFile(one: string, other: string): boolean {
  return one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);
}
