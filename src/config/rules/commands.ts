/** Checks and records that could never do what they say. */
import type { CheckConfig, Config } from '../../model/config.js';
import { fillTemplate } from '../../model/template.js';
import { showValue } from '../problem.js';
import type { Problem } from '../problem.js';

export function checkCommands(config: Config): Problem[] {
  return [...brokenPattern(config), ...unchangedScore(config), ...unproduced(config)];
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
