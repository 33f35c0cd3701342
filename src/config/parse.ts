/** regen.yaml's text as a config. Pure: the same for a file, the demo and a test. */
import type { Config } from '../model/config.js';
import { configSchema } from '../model/config-schema.js';
import { RegenError } from '../model/errors.js';
import { configError, formatPath } from './problem.js';
import type { Problem } from './problem.js';
import { checkAgentTools } from './rules/agent-tools.js';
import { checkChecks } from './rules/checks.js';
import { checkCommands } from './rules/commands.js';
import { checkEngine } from './rules/engine.js';
import { checkNaming } from './rules/naming.js';
import { checkPaths } from './rules/paths.js';
import { checkPlaceholders } from './rules/placeholders.js';
import { checkThresholds } from './rules/thresholds.js';
import { checkPrices } from './rules/prices.js';
import type { IsPriced } from './rules/prices.js';
import { describeIssues } from './sentences.js';
import { readYaml } from './yaml-text.js';

const rules = [
  ...[checkNaming, checkPaths, checkPlaceholders],
  ...[checkChecks, checkCommands, checkAgentTools, checkThresholds, checkEngine],
];

/**
 * @param name - how the messages call the file.
 * @param isPriced - whether a model has a price; left out: all have.
 * @throws RegenError `config` with a line per problem: `regen.yaml:LINE:COLUMN: key: value …; mend`.
 */
export function parseConfig(text: string, name = 'regen.yaml', isPriced: IsPriced = () => true): Config {
  const yaml = readYaml(text);
  if (yaml.kind === 'broken') throw configError(name, yaml.problems);
  if (yaml.data === null) throw notAMapping(name, 'is empty');
  if (typeof yaml.data !== 'object' || Array.isArray(yaml.data))
    throw notAMapping(name, 'holds no mapping of keys');

  const parsed = configSchema.safeParse(yaml.data);
  const problems: readonly Problem[] = parsed.success
    ? [...rules.flatMap((rule) => rule(parsed.data)), ...checkPrices(parsed.data, isPriced)]
    : describeIssues(parsed.error.issues, yaml.data);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw configError(
    name,
    problems.map(({ path, at, text: fault }) => ({
      ...yaml.locate(path, at),
      text: path.length === 0 ? fault : `${formatPath(path)}: ${fault}`,
    })),
  );
}

function notAMapping(name: string, fault: string): RegenError {
  return new RegenError('config', `${name}:1:1: ${fault}; it needs version, targets, items and prompt`, {
    hint: 'run "regen init" in a folder without the file to get one that works',
  });
}
