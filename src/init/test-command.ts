/** The command that usually runs a repository's tests, by the files at its root. Pure. */
const commands: readonly (readonly [file: string, command: string])[] = [
  ['package.json', 'npm test'],
  ['uv.lock', 'uv run pytest -q'],
  ['pyproject.toml', 'python -m pytest -q'],
  ['Cargo.toml', 'cargo test'],
  ['go.mod', 'go test ./...'],
];

export function testCommand(paths: readonly string[]): string {
  const present = new Set(paths);
  return commands.find(([file]) => present.has(file))?.[1] ?? 'make test';
}
