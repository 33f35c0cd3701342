/** Checks and records that could never do what they say. */
import type { CheckConfig, Config } from '../../model/config.js';
import { fillTemplate, placeholdersOf } from '../../model/template.js';
import { showValue } from '../problem.js';
import type { Problem } from '../problem.js';
import { repeated } from './naming.js';

export function checkCommands(config: Config): Problem[] {
  return [
    ...sameNames(config),
    ...untargeted(config),
    ...cutShort(config),
    ...brokenPattern(config),
    ...unchangedScore(config),
    ...unproduced(config),
  ];
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

function untargeted({ checks }: Config): Problem[] {
  return checks.run.flatMap(({ targeted }, index): Problem[] => {
    if (targeted === undefined) return [];
    const names = placeholdersOf(targeted);
    if (names.includes('failed') || names.includes('failedFiles')) return [];
    const text = `${showValue(targeted)} names neither {failed} nor {failedFiles}; put one where the failed tests go, or remove the key`;
    return [{ path: ['checks', 'run', index, 'targeted'], at: 'value', text }];
  });
}

/** Failures are compared test by test: those that a run never got to would pass for none. */
function cutShort({ checks }: Config): Problem[] {
  return checks.run.flatMap(({ run, baseline, targeted }, index): Problem[] => {
    const flag = /(?:^|\s)(-x|--exitfirst|--maxfail|--bail|--?fail-?fast)(?=[\s=]|$)/i.exec(run)?.[1];
    if (flag === undefined || (!baseline && targeted === undefined)) return [];
    const text = `${showValue(run)} stops at the first failure (${flag}), and baseline and targeted need all of them; remove it`;
    return [{ path: ['checks', 'run', index, 'run'], at: 'value', text }];
  });
}

function brokenPattern({ record }: Config): Problem[] {
  const match = record?.header?.match;
  if (match === undefined) return [];
  try {
    new RegExp(match, 'm');
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const text = `${showValue(match)} is no regular expression (${why}); mend it`;
    return [{ path: ['record', 'header', 'match'], at: 'value', text }];
  }
}

function unchangedScore({ items, evaluate }: Config): Problem[] {
  if (items.unchanged !== 'evaluate' || evaluate !== undefined) return [];
  const text = '"evaluate" needs a score, but there is no evaluate section; write skip or fail';
  return [{ path: ['items', 'unchanged'], at: 'value', text }];
}

/** What is to be judged is made by a check; one that nothing makes would be missed only after the agent was paid for. */
function unproduced({ checks, evaluate }: Config): Problem[] {
  const products = new Set(checks.run.flatMap(productsOf));
  return (evaluate?.attach ?? []).flatMap((path, index): Problem[] => {
    if (products.has(path.replace(/\?$/, ''))) return [];
    const text = `${showValue(path)} is produced by no check; name it in a check's produces, or remove it`;
    return [{ path: ['evaluate', 'attach', index], at: 'value', text }];
  });
}

/** `plot-{theme}.png?` with each of its themes. */
function productsOf({ produces, each }: CheckConfig): string[] {
  return Object.entries(each).reduce(
    (paths, [name, values]) =>
      paths.flatMap((path) => values.map((value) => fillTemplate(path, { [name]: value }))),
    produces.map((path) => path.replace(/\?$/, '')),
  );
}
