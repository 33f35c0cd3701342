/** What only one of the two engines can do. */
import { codeExtensions } from '../../model/block.js';
import { blockPattern } from '../../model/block-pattern.js';
import type { Config } from '../../model/config.js';
import { modelWindow } from '../../model/model-name.js';
import { placeholdersOf } from '../../model/template.js';
import { showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';

export function checkEngine(config: Config): Problem[] {
  return config.engine === 'worker' ? ofWorker(config) : ofAgent(config);
}

function ofAgent({ items, ship }: Config): Problem[] {
  const blocks =
    items.blocks === undefined ? [] : [at(['items', 'blocks'], 'needs engine: worker; add that')];
  const kinds = items.skip.flatMap(({ kind }, index) =>
    kind === undefined
      ? []
      : [at(['items', 'skip', index, 'kind'], 'is about blocks; add items.blocks and engine: worker')],
  );
  const per =
    ship.per === undefined || ship.per === 'item'
      ? []
      : [value(['ship', 'per'], `${showValue(ship.per)} needs engine: worker; an agent ships item by item`)];
  return [...blocks, ...kinds, ...per];
}

function ofWorker(config: Config): Problem[] {
  return [
    ...pieces(config),
    ...blocks(config),
    ...room(config),
    ...prompts(config),
    ...unsupported(config),
    ...commands(config),
    ...modes(config),
  ];
}

function pieces({ items }: Config): Problem[] {
  if (items.glob === undefined)
    return [at(['items', 'list'], 'names no files, and engine: worker needs them; write items.glob')];
  return items.writes === undefined
    ? []
    : [at(['items', 'writes'], 'says nothing here: the worker writes the blocks’ own files; remove it')];
}

/** What can be said of the blocks before any file is read. */
function blocks({ items }: Config): Problem[] {
  const source = items.blocks;
  if (source?.by === 'pattern') {
    const pattern = blockPattern(source.pattern);
    if (pattern instanceof RegExp) return [];
    const text = `${showValue(source.pattern)} ${pattern.fault}; ${pattern.mend}`;
    return [value(['items', 'blocks', 'pattern'], text)];
  }
  const extension = /\.(\w+)$/.exec(items.glob ?? '')?.[1]?.toLowerCase() ?? '';
  if (source?.by !== 'code' || extension === '' || codeExtensions.some((one) => one === extension)) return [];
  const text = `"${source.select}" of .${extension} files: their code isn’t known; use a pattern, or files of .${codeExtensions.join(' .')}`;
  return [value(['items', 'blocks', 'code'], text)];
}

/** The answer's room is taken from the window. */
function room({ worker }: Config): Problem[] {
  const { context, maxOutput, model } = worker;
  const window = context ?? modelWindow(model);
  if (maxOutput < window) return [];
  if (context === undefined)
    return [
      value(
        ['worker', 'maxOutput'],
        `${maxOutput} is all of the model’s window of ${window} tokens; lower it`,
      ),
    ];
  const text = `${context} has no room beside an answer of ${maxOutput} tokens; raise it, or lower worker.maxOutput`;
  return [value(['worker', 'context'], text)];
}

/** All items of a pack are asked in the same words. */
function prompts({ prompt }: Config): Problem[] {
  const item =
    prompt.item.length === 0
      ? []
      : [
          at(
            ['prompt', 'item'],
            'differs by item, and a pack has many; move what is needed to prompt.target',
          ),
        ];
  const task = !placeholdersOf(prompt.task).includes('item')
    ? []
    : [value(['prompt', 'task'], `${showValue(prompt.task)} names {item}, and a pack has many; remove it`)];
  return [...item, ...task];
}

function unsupported({ evaluate, audit, record, items }: Config): Problem[] {
  const text = 'needs engine: agent; remove it';
  return [
    ...(evaluate === undefined ? [] : [at(['evaluate'], text)]),
    ...(audit === false ? [] : [at(['audit'], text)]),
    ...(record === undefined ? [] : [at(['record'], text)]),
    ...(items.isolate
      ? [at(['items', 'isolate'], `keeps files from an agent, and the worker reads none: ${text}`)]
      : []),
  ];
}

/** Checks run once for everything that ships together. */
function commands({ checks, publish, ship }: Config): Problem[] {
  if (ship.per === 'item') return [];
  const all: readonly (readonly [ConfigPath, string | undefined])[] = [
    ...checks.run.flatMap(({ run, targeted }, index): (readonly [ConfigPath, string | undefined])[] => [
      [['checks', 'run', index, 'run'], run],
      [['checks', 'run', index, 'targeted'], targeted],
    ]),
    [['publish', 'run'], publish?.run],
  ];
  return all.flatMap(([path, command]): Problem[] =>
    command !== undefined && placeholdersOf(command).includes('item')
      ? [
          value(
            path,
            `${showValue(command)} names {item}, and runs once for all items of a pack; remove it, or set ship.per: item`,
          ),
        ]
      : [],
  );
}

function modes({ worker }: Config): Problem[] {
  const { mode, deadline, mcp } = worker;
  if (mode === 'auto' && deadline === undefined)
    return [value(['worker', 'mode'], '"auto" goes by worker.deadline, and there is none; add it')];
  if (mode !== 'realtime' && mcp !== undefined)
    return [at(['worker', 'mcp'], 'needs mode: realtime, since a batch has no turns; remove it or the mode')];
  return [];
}

function at(path: ConfigPath, text: string): Problem {
  return { path, at: 'key', text };
}

function value(path: ConfigPath, text: string): Problem {
  return { path, at: 'value', text };
}
