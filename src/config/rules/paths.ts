/** Every path of the config stays inside the repository. */
import type { Config } from '../../model/config.js';
import { pathFault } from '../../model/path-fault.js';
import { isTaskFile } from '../../model/prompt.js';
import { showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';

export function checkPaths(config: Config): Problem[] {
  return configuredPaths(config).flatMap(({ path, text }) => {
    const fault = pathFault(text);
    return fault === null ? [] : [{ path, at: 'value', text: `${showValue(text)} ${fault}` }];
  });
}

interface Configured {
  readonly path: ConfigPath;
  readonly text: string;
}

function configuredPaths(config: Config): Configured[] {
  const { targets, items, prompt, retrieval, checks, evaluate, record, ship } = config;
  return [
    ...one(['targets', 'glob'], targets.glob),
    ...one(['targets', 'title'], targets.title),
    ...(typeof targets.updated === 'object'
      ? many(['targets', 'updated', 'files'], targets.updated.files)
      : []),
    ...one(['items', 'glob'], items.glob),
    ...many(['items', 'exclude'], items.exclude),
    ...many(['items', 'writes'], items.writes ?? []),
    ...items.skip.flatMap((rule, index) => one(['items', 'skip', index, 'path'], rule.path)),
    ...many(['prompt', 'static'], prompt.static),
    ...many(['prompt', 'target'], prompt.target),
    ...many(['prompt', 'item'], prompt.item),
    ...many(['prompt', 'references'], prompt.references),
    ...(isTaskFile(prompt.task) ? one(['prompt', 'task'], prompt.task) : []),
    ...many(['retrieval', 'documents'], retrieval?.documents ?? []),
    ...checks.run.flatMap((check, index) => [
      ...many(
        ['checks', 'run', index, 'produces'],
        check.produces.map((file) => file.replace(/\?$/, '')),
      ),
      ...one(['checks', 'run', index, 'report'], check.report),
    ]),
    ...one(['evaluate', 'rubric'], evaluate?.rubric),
    ...many(['evaluate', 'attach'], evaluate?.attach ?? []),
    ...one(['record', 'metadata'], record?.metadata),
    ...one(['record', 'header', 'file'], record?.header?.file),
    ...one(['ship', 'parentIssue', 'file'], ship.parentIssue?.file),
  ];
}

function one(path: ConfigPath, text: string | undefined): Configured[] {
  return text === undefined ? [] : [{ path, text }];
}

function many(path: ConfigPath, texts: readonly string[]): Configured[] {
  return texts.map((text, index) => ({ path: [...path, index], text }));
}
