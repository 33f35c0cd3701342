/** Targets and items can be told apart: by their patterns, their lists, their files and their branches. */
import type { Config } from '../../model/config.js';
import { withPlaceholder } from '../../model/glob.js';
import { parseInstant } from '../../model/instant.js';
import { listWords, showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';

export function checkNaming(config: Config): Problem[] {
  return [...base(config), ...capturing(config), ...lists(config), ...itemFiles(config), ...branch(config)];
}

/** A pattern or a refspec would fetch something else than one branch. */
function base({ base: name }: Config): Problem[] {
  if (isRefName(name)) return [];
  const text = `${showValue(name)} is no remote and branch of git; write one such as origin/main`;
  return [{ path: ['base'], at: 'value', text }];
}

function capturing({ targets, items }: Config): Problem[] {
  const check = (path: ConfigPath, name: 'target' | 'item', glob: string | undefined): Problem[] => {
    if (glob === undefined || withPlaceholder(glob, name) !== null) return [];
    const text = `${showValue(glob)} doesn't say where the ${name} stands; write {${name}} or a * in its place`;
    return [{ path, at: 'value', text }];
  };
  const files = typeof targets.updated === 'object' ? targets.updated.files : [];
  return [
    ...check(['targets', 'glob'], 'target', targets.glob),
    ...files.flatMap((file, index) => check(['targets', 'updated', 'files', index], 'target', file)),
    ...check(['items', 'glob'], 'item', items.glob),
  ];
}

function lists({ targets, items }: Config): Problem[] {
  const listed = targets.list ?? [];
  const instants = listed.flatMap((target, index): Problem[] => {
    const updated = 'updated' in target ? target.updated : undefined;
    if (updated === undefined || parseInstant(updated) !== null) return [];
    const text = `${showValue(updated)} is no point in time; write one such as 2025-11-12T08:14:00Z`;
    return [{ path: ['targets', 'list', index, 'updated'], at: 'value', text }];
  });
  return [
    ...instants,
    ...repeated(listed.map((target) => target.id)).map((index) =>
      twice(['targets', 'list', index], listed[index]?.id),
    ),
    ...repeated(items.list ?? []).map((index) => twice(['items', 'list', index], items.list?.[index])),
  ];
}

function twice(path: ConfigPath, id: string | undefined): Problem {
  return { path, at: 'value', text: `${showValue(id)} is listed twice; remove one` };
}

/** Where values stand that stood further up already. */
export function repeated(values: readonly string[]): number[] {
  return [...values.keys()].filter((index) => values.indexOf(values[index] ?? '') < index);
}

function itemFiles({ items, engine }: Config): Problem[] {
  if (engine === 'worker') return []; // engine.ts says what its items need
  if (items.writes?.some((pattern) => pattern.includes('{item}')) === true) return [];
  if (items.writes !== undefined) {
    const text = `${showValue(items.writes)} holds no {item}; name the item's own file`;
    return [{ path: ['items', 'writes'], at: 'value', text }];
  }
  if (items.list === undefined) return [];
  const text = `is missing, and a list doesn't say what an item's files are; add ["…/{item}…"]`;
  return [{ path: ['items', 'writes'], at: 'key', text }];
}

function branch({ ship, targets }: Config): Problem[] {
  const own = ship.per === 'target' ? [] : ['{item}'];
  const needed = targets.list?.length === 1 ? own : ['{target}', ...own];
  const missing = needed.filter((name) => !ship.branch.includes(name));
  const fault = isRefName(ship.branch)
    ? `needs ${listWords(missing, 'and')}; every item has a branch of its own`
    : 'is no name for a git branch; write one such as regen/{target}/{item}';
  if (missing.length === 0 && isRefName(ship.branch)) return [];
  return [{ path: ['ship', 'branch'], at: 'value', text: `${showValue(ship.branch)} ${fault}` }];
}

/** The rules of `git check-ref-format`; ids are encoded when they are put in. */
function isRefName(template: string): boolean {
  const name = template.replace(/\{[A-Za-z]+\}/g, 'x');
  return !/[\s\p{Cc}~^:?*[\\]|\.\.|@\{|\/\/|(?:^|\/)\.|^[-/]|\/$|\.$|\.lock(?:\/|$)/u.test(name);
}
