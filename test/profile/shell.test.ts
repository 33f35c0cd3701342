import { describe, expect, it } from 'vitest';
import { callOf } from '../../src/profile/calls.js';
import { simpleCommands } from '../../src/profile/shell.js';

const place = { cwd: '/home/someone/charts', same: (text: string): string => text };

describe('simpleCommands', () => {
  it.each<[line: string, commands: readonly string[][]]>([
    [
      'cd x && uv run pytest -q 2>&1 | tail -5',
      [
        ['uv', 'run', 'pytest', '-q', '2>&1'],
        ['tail', '-5'],
      ],
    ],
    [
      'sleep 60; tail -20 /tmp/t.log',
      [
        ['sleep', '60'],
        ['tail', '-20', '/tmp/t.log'],
      ],
    ],
    [
      'echo "a; b" && npm test',
      [
        ['echo', 'a; b'],
        ['npm', 'test'],
      ],
    ],
    ['timeout -k 5 300 task test-check > log 2>&1 &', [['task', 'test-check', '>', 'log', '2>&1']]],
    [
      'while pgrep pytest; do sleep 5; done',
      [
        ['pgrep', 'pytest'],
        ['sleep', '5'],
      ],
    ],
    ['FOO=1 BAR="x y" sudo ls', [['ls']]],
    ['/usr/bin/env python3 -m pytest', [['python3', '-m', 'pytest']]],
    [`git commit -m 'it'\\''s && done'`, [['git', 'commit', '-m', "it's && done"]]],
    ['(make test)', [['make', 'test']]],
    [
      'kill $(pgrep -f x)',
      [
        ['kill', '$'],
        ['pgrep', '-f', 'x'],
      ],
    ],
    ['', []],
    ['"unclosed', [['unclosed']]],
  ])('%s', (line, commands) => {
    expect(simpleCommands(line)).toEqual(commands);
  });
});

describe('callOf', () => {
  const facts = (command: string) => {
    const { kind, test, wait, file } = callOf('Bash', { command }, place);
    return { kind, wait, test: test === null ? null : `${test.framework} ${String(test.isTargeted)}`, file };
  };

  it.each<[command: string, expected: Partial<ReturnType<typeof facts>>]>([
    ['uv run pytest -q -n 4', { kind: 'test', test: 'pytest false' }],
    ['python -m pytest tests/test_a.py::test_b', { kind: 'test', test: 'pytest true' }],
    ['pytest -k sigterm', { kind: 'test', test: 'pytest true' }],
    ['npx vitest run', { kind: 'test', test: 'vitest false' }],
    ['npx vitest run test/a.test.ts', { kind: 'test', test: 'vitest true' }],
    ['yarn jest -t legend', { kind: 'test', test: 'jest true' }],
    ['pnpm exec jest -t legend', { kind: 'test', test: 'jest true' }],
    ['go test ./...', { kind: 'test', test: 'go test false' }],
    ['go test ./legend -run TestX', { kind: 'test', test: 'go test true' }],
    ['cargo test --workspace', { kind: 'test', test: 'cargo test false' }],
    ['cargo test legend::draws', { kind: 'test', test: 'cargo test true' }],
    ['./mvnw -q verify', { kind: 'test', test: 'maven false' }],
    ['./gradlew :core:test --tests X', { kind: 'test', test: 'gradle true' }],
    ['npm test', { kind: 'test', test: 'npm test false' }],
    ['npm run test:unit -- a.test.js', { kind: 'test', test: 'npm test true' }],
    ['cd app && task test-check', { kind: 'test', test: 'task null' }],
    ['make -j4 check', { kind: 'test', test: 'task null' }],
    ['node --test', { kind: 'test', test: 'node:test false' }],
    ['make build', { kind: 'other', test: null }],
    ['npm run build', { kind: 'other', test: null }],
    ['test -f a.log', { kind: 'other', test: null }],
    ['sleep 60; tail -20 t.log', { kind: 'neutral', wait: 'sleep' }],
    ['ps aux | grep pytest', { kind: 'neutral', wait: 'look' }],
    ['tail -5 /tmp/run.log', { kind: 'neutral', wait: 'look' }],
    ['gh run view 12', { kind: 'other', wait: 'look' }],
    ['sleep 2 && npm start', { kind: 'other', wait: null }],
    ['cat src/a.ts', { kind: 'read', wait: null, file: 'src/a.ts' }],
    ['git diff --stat', { kind: 'neutral', wait: null }],
    ['grep -rn x src > found', { kind: 'other', wait: null }],
    ['grep -rn x src 2>/dev/null', { kind: 'neutral' }],
    ['uv sync --all-extras', { kind: 'setup' }],
    ['npm ci', { kind: 'setup' }],
  ])('%s', (command, expected) => {
    expect(facts(command)).toMatchObject(expected);
  });

  it('knows what other tools read, edit and ask after', () => {
    expect(callOf('Read', { file_path: 'a', offset: 5, limit: 10 }, place)).toMatchObject({
      kind: 'read',
      file: 'a',
      range: { from: 5, to: 14 },
    });
    expect(callOf('Edit', { file_path: '/home/someone/charts/a' }, place)).toMatchObject({
      ...{ kind: 'edit', file: 'a', what: 'a' },
    });
    expect(callOf('Task', { description: 'Look' }, place)).toMatchObject({ kind: 'subagent', what: 'Look' });
    expect(callOf('BashOutput', { bash_id: '1' }, place)).toMatchObject({ wait: 'sleep' });
    expect(callOf('mcp__task__test_check', {}, place)).toMatchObject({ kind: 'test' });
    expect(callOf(undefined, null, place)).toMatchObject({ tool: '?', what: '', kind: 'other' });
  });

  it('cuts a command where a word ends, so that no half of a secret is left', () => {
    const { what } = callOf('Bash', { command: `${'x '.repeat(110)}sk-${'s'.repeat(60)}` }, place);

    expect(what).toBe(`${'x '.repeat(110)}…`);
  });
});
