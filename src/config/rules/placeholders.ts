/** A placeholder is used only where it has a value. */
import type { Config } from '../../model/config.js';
import { placeholdersOf } from '../../model/template.js';
import { listWords, showValue } from '../problem.js';
import type { ConfigPath, Problem } from '../problem.js';

export function checkPlaceholders(config: Config): Problem[] {
  return [...unscored(config), ...untimely(config), ...unnamedIssue(config), ...unshared(config)];
}

interface Template {
  readonly path: ConfigPath;
  readonly text: string;
}

/** `{score}`, `{breakdown}` and `atLeast` come from the evaluation. */
function unscored(config: Config): Problem[] {
  if (config.evaluate !== undefined) return [];
  const labels = config.ship.labels.flatMap((label, index): Problem[] =>
    typeof label === 'string'
      ? []
      : [
          {
            path: ['ship', 'labels', index, 'atLeast'],
            at: 'key',
            text: withoutEvaluate('asks for a score'),
          },
        ],
  );
  const named = templatesOf(config).flatMap((template) => {
    const names = without(template.text, ['score', 'breakdown']);
    return names === null ? [] : [problemOf(template, withoutEvaluate(`names ${names}`))];
  });
  return [...named, ...labels];
}

/** An item has its branch before anybody has scored it, and keeps it whatever the next score is. */
function untimely({ ship }: Config): Problem[] {
  const names = without(ship.branch, ['score', 'breakdown']);
  if (names === null) return [];
  const template = { path: ['ship', 'branch'], text: ship.branch };
  return [problemOf(template, `names ${names}, which an item’s branch can’t depend on; remove it`)];
}

function withoutEvaluate(what: string): string {
  return `${what}, but there is no evaluate section; remove it`;
}

function unnamedIssue(config: Config): Problem[] {
  if (config.ship.parentIssue !== undefined) return [];
  return templatesOf(config).flatMap((template) => {
    const names = without(template.text, ['parentIssue']);
    return names === null
      ? []
      : [problemOf(template, `names ${names}; say in ship.parentIssue where it stands`)];
  });
}

/** The cached prefix is byte-identical only while nothing of one target or item is in it. */
function unshared(config: Config): Problem[] {
  const { prompt } = config;
  const check = (layer: 'static' | 'target', banned: readonly string[], place: string) =>
    prompt[layer].flatMap((text, index) => {
      const names = without(text, banned);
      if (names === null) return [];
      return [
        problemOf({ path: ['prompt', layer, index], text }, `differs by ${names}; move it to ${place}`),
      ];
    });
  return [
    ...check('static', ['target', 'item'], 'prompt.target or prompt.item'),
    ...check('target', ['item'], 'prompt.item'),
  ];
}

function problemOf(template: Template, fault: string): Problem {
  return { path: template.path, at: 'value', text: `${showValue(template.text)} ${fault}` };
}

/** The banned placeholders that the text names, as words; null when there are none. */
function without(text: string, banned: readonly string[]): string | null {
  const names = placeholdersOf(text).filter((name) => banned.includes(name));
  return names.length === 0
    ? null
    : listWords(
        [...new Set(names)].map((name) => `{${name}}`),
        'and',
      );
}

function templatesOf({ ship, record }: Config): Template[] {
  const labels = ship.labels.flatMap((label, index): Template[] => {
    const path = ['ship', 'labels', index];
    if (typeof label === 'string') return [{ path, text: label }];
    return [
      { path: [...path, 'then'], text: label.then },
      { path: [...path, 'else'], text: label.else },
    ];
  });
  const fields = Object.entries(record?.fields ?? {}).map(([name, field]): Template =>
    typeof field === 'string'
      ? { path: ['record', 'fields', name], text: field }
      : { path: ['record', 'fields', name, 'run'], text: field.run },
  );
  return [
    { path: ['ship', 'branch'], text: ship.branch },
    { path: ['ship', 'title'], text: ship.title },
    { path: ['ship', 'body'], text: ship.body },
    ...labels,
    ...fields,
    ...(record?.header === undefined
      ? []
      : [{ path: ['record', 'header', 'line'], text: record.header.line }]),
  ];
}
