/** Files that a program writes: nobody improves them by hand, and neither does a model. Pure. */

/** Where marks stand; further down they are what a file is about. */
const headLength = 2000;

/** Marks that generators and hosts agree on: Go's, Meta's `@generated`, Linguist's. */
const marks: readonly RegExp[] = [
  /^(?:\W*\s)?Code generated .* DO NOT EDIT\.?\W*$/m,
  /@generated\b/,
  /\b(?:this|the) file (?:is|was|has been) (?:auto(?:matically)?[- ]?)?generated\b/i,
  /\bauto(?:matically)?[- ]?generated\b[^\n]*\bdo not (?:edit|modify)\b/i,
  /\bdo not (?:edit|modify)\b[^\n]*\b(?:auto(?:matically)?[- ]?)?generated\b/i,
];

/** Names that only tools write. */
const names: readonly RegExp[] = [
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock)$/,
  /(?:^|\/)(?:Cargo|poetry|uv|pdm|Gemfile|composer|Pipfile|mix|pubspec|flake)\.lock$/,
  /(?:^|\/)go\.sum$/,
  /\.min\.(?:js|css)$/,
  /(?:^|[._])pb2?\.(?:go|py|ts|js)$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$/,
  /\.(?:js|css|mjs|cjs)\.map$/,
];

/** Whether the file's name or its head says that a program wrote it, or its lines are a minifier's. */
export function isGenerated(path: string, text: string): boolean {
  const head = text.slice(0, headLength);
  return (
    names.some((name) => name.test(path)) || marks.some((mark) => mark.test(head)) || isMinified(path, text)
  );
}

/** Of scripts and styles: on average lines that nobody reads. */
function isMinified(path: string, text: string): boolean {
  if (!/\.(?:js|mjs|cjs|css)$/.test(path) || text.length < headLength) return false;
  return text.length / text.split('\n').length > 500;
}
