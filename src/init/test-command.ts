/** The command that usually runs a repository's tests, by the files at its root. Pure. */
const commands: readonly (readonly [file: string, command: string])[] = [
  ['package.json', 'npm test'],
  ['uv.lock', 'uv run pytest -q'],
  ['pyproject.toml', 'python -m pytest -q'],
  ['Cargo.toml', 'cargo test'],
  ['go.mod', 'go test ./...'],
];

/** null: nothing speaks for any. */
export function testCommand(paths: readonly string[]): string | null {
  const present = new Set(paths);
  return commands.find(([file]) => present.has(file))?.[1] ?? null;
}
