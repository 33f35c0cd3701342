import { sixty } from './expected.js';
import type { Expected, Failing } from './expected.js';

const vitestMixed: readonly Failing[] = [
  ['legend draws one entry per point', 'legend.test.js:7'],
  ['legend of "nothing" :: ünïcode ✓ isn\'t there > at all', 'legend.test.js:12'],
  ['legend of "nothing" :: ünïcode ✓ waits', 'legend.test.js:14'],
  ['legend adds 1 and 2', 'legend.test.js:21'],
];

export const javascriptRuns: readonly Expected[] = [
  {
    fixture: 'ava-tap',
    run: 'tap: failed 2/1/1',
    failing: [
      ['draws one entry per point', ''],
      ['throws', 'legend.test.js:7'],
    ],
  },
  {
    fixture: 'ava',
    run: 'nobody: failed ?/?/?',
    failing: [],
    abortedBy: '✘ [fail]: draws one entry per point',
    isEnvironment: false,
  },
  {
    fixture: 'jest-colour',
    run: 'jest: failed 4/2/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.js:6'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there › at all', 'legend.test.js:11'],
      ['legend of "nothing" :: ünïcode ✓ waits', 'legend.test.js:13'],
      ['legend adds 1 and 2', 'legend.test.js:20'],
    ],
  },
  {
    fixture: 'jest-missing',
    run: 'jest: aborted 0/0/0',
    failing: [['chart.test.js', 'chart.test.js:1']],
    abortedBy: "Cannot find module 'chart-that-is-not-installed' from 'chart.test.js'",
    isEnvironment: true,
  },
  {
    fixture: 'jest-none',
    run: 'jest: aborted 0/0/0',
    failing: [],
    abortedBy: 'No tests found, exiting with code 1',
    isEnvironment: true,
  },
  { fixture: 'jest-passed', run: 'jest: passed 0/1/1', failing: [] },
  {
    fixture: 'jest-sixty',
    run: 'jest: failed 60/0/0',
    failing: sixty((number) => [`prompt asks question ${number}`, 'prompt.test.js:2']),
  },
  {
    fixture: 'jest-syntax',
    run: 'jest: aborted 0/0/0',
    failing: [['chart.test.js', 'chart.test.js']],
    abortedBy: 'SyntaxError: chart.test.js: Unexpected token, expected "," (2:18)',
    isEnvironment: false,
  },
  {
    fixture: 'jest-verbose',
    run: 'jest: failed 4/2/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.js:6'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there › at all', 'legend.test.js:11'],
      ['legend of "nothing" :: ünïcode ✓ waits', 'legend.test.js:13'],
      ['legend adds 1 and 2', 'legend.test.js:20'],
    ],
  },
  {
    fixture: 'jest',
    run: 'jest: failed 4/2/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.js:6'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there › at all', 'legend.test.js:11'],
      ['legend of "nothing" :: ünïcode ✓ waits', 'legend.test.js:13'],
      ['legend adds 1 and 2', 'legend.test.js:20'],
    ],
  },
  {
    fixture: 'mocha-missing',
    run: 'nobody: aborted 0/0/0',
    failing: [],
    abortedBy: "Exception during run: Error: Cannot find module 'chart-that-is-not-installed'",
    isEnvironment: true,
  },
  {
    fixture: 'mocha-none',
    run: 'nobody: aborted 0/0/0',
    failing: [],
    abortedBy: 'Error: No test files found: "spec/*.js"',
    isEnvironment: true,
  },
  { fixture: 'mocha-passed', run: 'mocha: passed 0/1/1', failing: [] },
  {
    fixture: 'mocha-tap',
    run: 'tap: failed 4/1/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.cjs:6'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there', 'legend.test.cjs:10'],
      ['legend of "nothing" :: ünïcode ✓ waits', ''],
      ['server "before all" hook: opens a port for "answers"', 'legend.test.cjs:21'],
    ],
  },
  {
    fixture: 'mocha-xunit',
    run: 'junit: failed 4/1/1',
    failing: [
      ['draws one entry per point', 'legend.test.cjs:6'],
      ["isn't there", 'legend.test.cjs:10'],
      ['waits', 'legend.test.cjs'],
      ['"before all" hook: opens a port for "answers"', 'legend.test.cjs:21'],
    ],
  },
  {
    fixture: 'mocha',
    run: 'mocha: failed 4/1/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.cjs:6'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there', 'legend.test.cjs:10'],
      ['legend of "nothing" :: ünïcode ✓ waits', ''],
      ['server "before all" hook: opens a port for "answers"', 'legend.test.cjs:21'],
    ],
  },
  {
    fixture: 'node-colour',
    run: 'node:test: failed 4/1/1',
    failing: [
      ['draws one entry per point', 'legend.test.mjs:7'],
      ["isn't there > at all", 'legend.test.mjs:12'],
      ['waits', 'legend.test.mjs:14'],
      ['step', 'legend.test.mjs:24'],
    ],
  },
  {
    fixture: 'node-junit',
    run: 'junit: failed 4/1/2',
    failing: [
      ['draws one entry per point', 'legend.test.mjs:7'],
      ["isn't there > at all", 'legend.test.mjs:12'],
      ['waits', ''],
      ['step', 'legend.test.mjs:23'],
    ],
  },
  {
    fixture: 'node-missing',
    run: 'node:test: aborted 1/0/0',
    failing: [['chart.test.mjs', 'chart.test.mjs']],
    abortedBy:
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'chart-that-is-not-installed' imported from chart.test.mjs",
    isEnvironment: true,
  },
  {
    fixture: 'node-no-file',
    run: 'nobody: aborted 0/0/0',
    failing: [],
    abortedBy: "Could not find 'gone.test.mjs'",
    isEnvironment: true,
  },
  {
    fixture: 'node-none',
    run: 'node:test: aborted 0/0/0',
    failing: [],
    abortedBy: 'ℹ tests 0',
    isEnvironment: true,
  },
  { fixture: 'node-passed', run: 'node:test: passed 0/1/1', failing: [] },
  {
    fixture: 'node-sixty',
    run: 'node:test: failed 60/0/0',
    failing: sixty((number) => [`asks question ${number}`, 'prompt.test.mjs:4']),
  },
  {
    fixture: 'node-spec',
    run: 'node:test: failed 4/1/1',
    failing: [
      ['draws one entry per point', 'legend.test.mjs:7'],
      ["isn't there > at all", 'legend.test.mjs:12'],
      ['waits', 'legend.test.mjs:14'],
      ['step', 'legend.test.mjs:24'],
    ],
  },
  {
    fixture: 'node-syntax',
    run: 'node:test: aborted 1/0/0',
    failing: [['chart.test.mjs', 'chart.test.mjs:1']],
    abortedBy: "SyntaxError: Unexpected token ';'",
    isEnvironment: false,
  },
  {
    fixture: 'node-tap',
    run: 'node:test: failed 4/1/1',
    failing: [
      ['draws one entry per point', 'legend.test.mjs:7'],
      ["isn't there > at all", 'legend.test.mjs:12'],
      ['waits', 'legend.test.mjs:14'],
      ['step', 'legend.test.mjs:24'],
    ],
  },
  {
    fixture: 'npm-script',
    run: 'nobody: aborted 0/0/0',
    failing: [],
    abortedBy: 'npm error Missing script: "test"',
    isEnvironment: true,
  },
  {
    fixture: 'tap',
    run: 'tap: failed 2/1/1',
    failing: [
      ['entries are the labels', 'legend.test.mjs:5'],
      ['label is undefined', 'legend.test.mjs:14'],
    ],
  },
  {
    fixture: 'tape',
    run: 'tap: failed 2/1/0',
    failing: [
      ['entries are the labels', 'legend.test.js:4'],
      ['should be strictly equal', 'legend.test.js:6'],
    ],
  },
  { fixture: 'vitest-colour', run: 'vitest: failed 4/2/1', failing: vitestMixed },
  {
    fixture: 'vitest-dot',
    run: 'vitest: failed 4/2/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.js:7'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there at all', 'legend.test.js:12'],
      ['legend of "nothing" :: ünïcode ✓ waits', 'legend.test.js:14'],
      ['legend adds 1 and 2', 'legend.test.js:21'],
    ],
  },
  { fixture: 'vitest-hook', run: 'vitest: failed 1/0/2', failing: [['server', 'hook.test.js:5']] },
  {
    fixture: 'vitest-junit',
    run: 'junit: failed 4/2/2',
    failing: [
      ['legend > draws one entry per point', 'legend.test.js:7'],
      ['legend > of "nothing" :: ünïcode ✓ > isn\'t there > at all', 'legend.test.js:12'],
      ['legend > of "nothing" :: ünïcode ✓ > waits', 'legend.test.js:14'],
      ['legend > adds 1 and 2', 'legend.test.js:21'],
    ],
  },
  {
    fixture: 'vitest-missing',
    run: 'vitest: aborted 0/0/0',
    failing: [['chart.test.js', 'chart.test.js:2']],
    abortedBy: "Error: Cannot find package 'chart-that-is-not-installed' imported from chart.test.js",
    isEnvironment: true,
  },
  {
    fixture: 'vitest-none',
    run: 'vitest: aborted 0/0/0',
    failing: [],
    abortedBy: 'No test files found, exiting with code 1',
    isEnvironment: true,
  },
  { fixture: 'vitest-passed', run: 'vitest: passed 0/1/1', failing: [] },
  {
    fixture: 'vitest-sixty',
    run: 'vitest: failed 60/0/0',
    failing: sixty((number) => [`prompt asks question ${number}`, 'prompt.test.js:4']),
  },
  {
    fixture: 'vitest-syntax',
    run: 'vitest: aborted 0/0/0',
    failing: [['chart.test.js', 'chart.test.js']],
    abortedBy:
      'Error: Failed to parse source for import analysis because the content contains invalid JS syntax. If you are using JSX, make sure to name the file with the .jsx or .tsx extension.',
    isEnvironment: false,
  },
  {
    fixture: 'vitest-tap',
    run: 'tap: failed 4/2/1',
    failing: [
      ['draws one entry per point', 'legend.test.js:7'],
      ["isn't there > at all", 'legend.test.js'],
      ['waits', 'legend.test.js:14'],
      ['adds 1 and 2', 'legend.test.js:21'],
    ],
  },
  {
    fixture: 'vitest-unhandled',
    run: 'vitest: failed 1/2/0',
    failing: [['Uncaught Exception', 'late.test.js:5']],
  },
  {
    fixture: 'vitest-verbose',
    run: 'vitest: failed 4/2/1',
    failing: [
      ['legend draws one entry per point', 'legend.test.js:7'],
      ['legend of "nothing" :: ünïcode ✓ isn\'t there at all', 'legend.test.js:12'],
      ['legend of "nothing" :: ünïcode ✓ waits', 'legend.test.js:14'],
      ['legend adds 1 and 2', 'legend.test.js:21'],
    ],
  },
  { fixture: 'vitest', run: 'vitest: failed 4/2/1', failing: vitestMixed },
];
