/** Checks that could never say what they are asked. */
import type { CheckConfig, Config } from '../../model/config.js';
import { placeholdersOf } from '../../model/template.js';
import { listWords, showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';
import { repeated } from './naming.js';

export function checkChecks(config: Config): Problem[] {
  return [...sameNames(config), ...config.checks.run.flatMap(problemsOf)];
}

/** A check's name is the name of its log. */
function sameNames({ checks }: Config): Problem[] {
  const names = checks.run.map((check) => check.name);
  return repeated(names).map((index) => ({
    path: ['checks', 'run', index, 'name'],
    at: 'value',
    text: `${showValue(names[index])} is another check's name too; give each its own`,
  }));
}

function problemsOf(check: CheckConfig, index: number): Problem[] {
  const at = (key: string, text: string): Problem => ({
    path: ['checks', 'run', index, key],
    at: 'value',
    text,
  });
  return [
    ...untargeted(check).map((text) => at('targeted', text)),
    ...misplaced(check).map((text) => at('run', text)),
    ...cutShort(check).map((text) => at('run', text)),
    ...tooLong(check).map((text) => at('name', text)),
    ...axes(check, ['checks', 'run', index, 'each']),
  ];
}

const failedWords = ['failed', 'failedFiles'];

function untargeted({ targeted }: CheckConfig): string[] {
  if (targeted === undefined) return [];
  const named = placeholdersOf(targeted).some((name) => failedWords.includes(name));
  if (!named) {
    return [
      `${showValue(targeted)} names neither {failed} nor {failedFiles}; put one where the failed tests go, or remove the key`,
    ];
  }
  // What is filled in is quoted already, and quotes around it would take that back.
  return /["'][^"']*\{failed(?:Files)?\}[^"']*["']/.test(targeted)
    ? [
        `${showValue(targeted)} quotes what is filled in; it comes as quoted words, so remove the quotes around it`,
      ]
    : [];
}

function misplaced({ run }: CheckConfig): string[] {
  const name = placeholdersOf(run).find((one) => failedWords.includes(one));
  return name === undefined
    ? []
    : [`${showValue(run)} runs before anything has failed; write {${name}} in targeted only`];
}

/** Failures are compared test by test: those that a run never got to would pass for none. */
function cutShort({ run, baseline, targeted }: CheckConfig): string[] {
  if (!baseline && targeted === undefined) return [];
  const why = 'and baseline and targeted need all failures';
  const stop = stops.map((pattern) => pattern.exec(run)?.[1]).find((flag) => flag !== undefined);
  if (stop !== undefined)
    return [`${showValue(run)} stops at the first failure (${stop}), ${why}; remove it`];
  const isCargo = /\bcargo (?:\+\S+ )?test\b/.test(run) && !run.includes('--no-fail-fast');
  return isCargo
    ? [`${showValue(run)} stops at the first binary that fails, ${why}; add --no-fail-fast`]
    : [];
}

/** Flags by which runners end early, behind the runner's own word. */
const stops: readonly RegExp[] = [
  /\b(?:pytest|py\.test)\b[^;&|]*?\s(-[a-wyz]*x[a-z]*|--exitfirst|--maxfail)(?=[\s=]|$)/,
  /\b(?:vitest|jest|mocha|ava|bun)\b[^;&|]*?\s(--bail|-b|--fail-fast)(?=[\s=]|$)/,
  /\b(?:unittest|rspec)\b[^;&|]*?\s(-f|--failfast|--fail-fast)(?=[\s=]|$)/,
  /\bgo test\b[^;&|]*?\s(--?failfast)(?=[\s=]|$)/,
  /\bphpunit\b[^;&|]*?\s(--stop-on-\w+)(?=[\s=]|$)/,
];

/** A log's name holds the check's and its axes' values; file systems take 255 bytes. */
function tooLong({ name, each }: CheckConfig): string[] {
  const values = Object.entries(each).map(([axis, all]) => axis.length + Math.max(...all.map(bytesOf)) + 4);
  const length = bytesOf(name) + values.reduce((sum, one) => sum + one, 0);
  return length <= 200
    ? []
    : [
        `${showValue(name)} makes a file name of ${length} bytes with the values of each; shorten them to 200`,
      ];
}

function bytesOf(text: string): number {
  return encodeURIComponent(text).length;
}

/** Names of placeholders that have a meaning already. */
const taken = ['target', 'item', 'artifacts', ...failedWords];

function axes({ each }: CheckConfig, path: ConfigPath): Problem[] {
  return Object.entries(each).flatMap(([name, values]): Problem[] => {
    if (taken.includes(name.toLowerCase()) || taken.includes(name)) {
      const words = listWords(
        taken.map((one) => `{${one}}`),
        'and',
      );
      return [
        {
          path: [...path, name],
          at: 'key',
          text: `${words} mean something already; give the axis another name`,
        },
      ];
    }
    return repeated(values).map((index) => ({
      path: [...path, name, index],
      at: 'value',
      text: `${showValue(values[index])} is there twice; remove one`,
    }));
  });
}
