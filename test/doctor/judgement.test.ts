import { expect, test } from 'vitest';
import { judgeVersion } from '../../src/doctor/claude.js';
import { programOf } from '../../src/model/program.js';
import { doctorText } from '../../src/doctor/doctor-text.js';
import { findVersion, isAtLeast } from '../../src/doctor/version.js';

test.each([
  ['2.0.76', 'missing', 'claude is version 2.0.76'],
  ['2.1.100', 'ok', 'claude, version 2.1.100'],
  ['2.1.197', 'ok', 'claude, version 2.1.197'],
  ['2.1.329', 'ok', 'claude, version 2.1.329; the newest tested is 2.1.197'],
  ['2.10.0', 'warning', 'claude, version 2.10.0; the newest tested is 2.1.197'],
  ['3.0.0', 'warning', 'claude, version 3.0.0; the newest tested is 2.1.197'],
  ['unknown', 'missing', 'claude is version unknown'],
])('Claude Code %s is %s', (version, state, detail) => {
  expect(judgeVersion(version, 'claude')).toMatchObject({ state, detail });
});

test.each([
  ['git version 2.39.5', [2, 39, 5]],
  ['git version 2.50.1 (Apple Git-155)', [2, 50, 1]],
  ['git version 2.45.0.windows.1', [2, 45, 0]],
  ['no version', null],
])('the version in "%s" is %j', (text, version) => {
  expect(findVersion(text)).toEqual(version);
});

test('versions compare by number, as far as the other one goes', () => {
  expect(isAtLeast([2, 100], [2, 39])).toBe(true);
  expect(isAtLeast([2, 39, 5], [2, 39])).toBe(true);
  expect(isAtLeast([2, 9], [2, 39])).toBe(false);
  expect(isAtLeast([3], [2, 39])).toBe(true);
});

test.each([
  ['uv run pytest -q', 'uv'],
  ['  CI=1 NODE_ENV=test npm test', 'npm'],
  ['make', 'make'],
  ['./check.sh {item}', null],
  ['"$HOME/bin/tool" {item}', null],
  ['{item} --check', null],
  ['(cd tools && make)', null],
  ['', null],
])('the program of "%s" is %j', (line, program) => {
  expect(programOf(line)).toBe(program);
});

test('the text has a line per row, indents what is longer, and ends with the verdict', () => {
  const text = doctorText({
    ok: false,
    checks: [
      { name: 'git', state: 'ok', detail: '2.39.5', mend: null },
      { name: 'config', state: 'missing', detail: 'regen.yaml:1:1: a\nregen.yaml:2:1: b', mend: 'Mend it.' },
      { name: 'hooks', state: 'warning', detail: 'pre-commit', mend: 'Use checks.run.' },
    ],
  });

  expect(text).toBe(`ok       git            2.39.5
missing  config         regen.yaml:1:1: a
                        regen.yaml:2:1: b
                        → Mend it.
warning  hooks          pre-commit
                        → Use checks.run.
Not ready, 1 missing, 1 warning.`);
});
