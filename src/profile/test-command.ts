/** Whether a command runs tests, with what, and whether it names the tests that it wants. Pure. */
import type { Words } from './shell.js';

export interface TestCommand {
  readonly framework: string;
  /** Whether it names tests; null: it runs a task, and what that runs isn't told. */
  readonly isTargeted: boolean | null;
}

/** The first command that runs tests; null: none does. */
export function testCommandOf(commands: readonly Words[]): TestCommand | null {
  for (const words of commands) {
    const found = recognise(words);
    if (found !== null) return found;
  }
  return null;
}

function recognise(words: Words): TestCommand | null {
  const [name = '', ...args] = withoutRunner(words);
  const runner = runners.find(({ is }) => is(name, args));
  if (runner === undefined) return null;
  const isTargeted =
    runner.names === null
      ? null
      : args
          .slice(1)
          .concat(args[0] ?? '')
          .some(runner.names);
  return { framework: runner.framework, isTargeted };
}

/** `uv run pytest`, `python -m pytest`, `npx vitest` run what follows. */
function withoutRunner(words: Words): Words {
  const [name = '', next = ''] = words;
  if (
    ['uv', 'poetry', 'pdm', 'pipenv', 'hatch', 'rye', 'mise', 'bundle'].includes(name) &&
    /^(?:run|exec)$/.test(next)
  )
    return withoutRunner(afterFlags(words.slice(2)));
  if (/^python[\d.]*$/.test(name) && next === '-m') return words.slice(2);
  const isOwnBinary = ['pnpm', 'yarn'].includes(name) && /^(?:jest|vitest|mocha|ava)$/.test(next);
  if (isOwnBinary || ['npx', 'bunx', 'pnpx', 'xargs'].includes(name))
    return withoutRunner(afterFlags(words.slice(1)));
  if (['pnpm', 'yarn', 'bun', 'npm'].includes(name) && ['exec', 'dlx', 'x'].includes(next))
    return withoutRunner(afterFlags(words.slice(2)));
  return words;
}

function afterFlags(words: Words): Words {
  const first = words.findIndex((word) => !word.startsWith('-'));
  return first === -1 ? [] : words.slice(first);
}

interface Runner {
  readonly framework: string;
  readonly is: (name: string, args: Words) => boolean;
  /** An argument that names tests; null: nobody can tell. */
  readonly names: ((arg: string) => boolean) | null;
}

const filters =
  /^(?:-k|-m|-t|-g|--grep|--lf|--last-failed|--ff|--testNamePattern.*|--filter.*|--tests|-Dtest=.*|-run.*|--run.*)$/;

const isTestFile = (arg: string): boolean =>
  filters.test(arg) || (!arg.startsWith('-') && /\.(?:py|[cm]?[jt]sx?|rb|php|vue)\b|::/.test(arg));

const isFilter = (arg: string): boolean => filters.test(arg);

const runners: readonly Runner[] = [
  { framework: 'pytest', is: (name) => name === 'pytest' || name === 'py.test', names: isTestFile },
  { framework: 'unittest', is: (name) => name === 'unittest', names: (arg) => /^[\w.]+\.[\w.]+$/.test(arg) },
  { framework: 'vitest', is: (name, [next]) => name === 'vitest' && next !== 'list', names: isTestFile },
  { framework: 'jest', is: (name) => name === 'jest', names: isTestFile },
  { framework: 'mocha', is: (name) => name === 'mocha' || name === 'ava', names: isTestFile },
  {
    framework: 'node:test',
    is: (name, args) => name === 'node' && args.includes('--test'),
    names: isTestFile,
  },
  {
    framework: 'go test',
    is: (name, [next]) => name === 'go' && next === 'test',
    // `./...` and `.` are whole modules and packages.
    names: (arg) => /^-(?:test\.)?run/.test(arg) || /^\.\/(?!\.\.\.)/.test(arg),
  },
  {
    framework: 'cargo test',
    is: (name, [next]) => name === 'cargo' && (next === 'test' || next === 'nextest'),
    names: (arg) => ['--test', '-p', '--package', '--bin'].includes(arg) || /^\w+(?:::\w+)+$/.test(arg),
  },
  {
    framework: 'maven',
    is: (name, args) => /^mvnw?$/.test(name) && args.some((arg) => /^(?:test|verify|install)$/.test(arg)),
    names: isFilter,
  },
  {
    framework: 'gradle',
    is: (name, args) =>
      /^gradlew?$/.test(name) && args.some((arg) => /(?:^|:)(?:\w*[tT]est|check|build)$/.test(arg)),
    names: isFilter,
  },
  { framework: 'dotnet test', is: (name, [next]) => name === 'dotnet' && next === 'test', names: isFilter },
  { framework: 'rspec', is: (name) => name === 'rspec', names: isTestFile },
  { framework: 'phpunit', is: (name) => name === 'phpunit', names: isTestFile },
  { framework: 'ctest', is: (name) => name === 'ctest', names: (arg) => arg === '-R' },
  {
    framework: 'npm test',
    is: (name, args) =>
      ['npm', 'pnpm', 'yarn', 'bun'].includes(name) &&
      isTestTask(args.find((arg) => !/^-|^run(?:-script)?$/.test(arg))),
    names: isTestFile,
  },
  {
    framework: 'task',
    is: (name, args) =>
      ['task', 'make', 'just', 'rake', 'tox', 'nox', 'invoke', 'bazel'].includes(name) &&
      (name === 'tox' || name === 'nox' || args.some(isTestTask)),
    names: null,
  },
];

/** `test`, `tests`, `test:unit`, `unit-tests`, `test-check`. */
function isTestTask(word: string | undefined): boolean {
  return word !== undefined && /^(?:[\w-]+[:_-])?tests?(?:[:_-][\w:-]+)?$|^(?:spec|check)$/i.test(word);
}
