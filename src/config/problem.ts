/** What is wrong with a config, before and after it is known where. */
import { RegenError } from '../model/errors.js';

export type ConfigPath = readonly PropertyKey[];

export interface Problem {
  readonly path: ConfigPath;
  /** Which end of the entry to point at. */
  readonly at: 'key' | 'value';
  /** The value, why it is wrong, and after a semicolon the mend. */
  readonly text: string;
}

/** Lines and columns count from 1; columns are UTF-16 units, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface PlacedProblem extends Place {
  readonly text: string;
}

/** One error for all problems: a line each, in the order of the file. */
export function configError(name: string, problems: readonly PlacedProblem[]): RegenError {
  const lines = problems
    .toSorted((left, right) => left.line - right.line || left.column - right.column)
    .map(({ line, column, text }) => `${name}:${line}:${column}: ${text}`);
  return new RegenError('config', lines.join('\n'), {
    hint: 'docs/configuration.md explains every key; regen.schema.json checks them in an editor',
  });
}

/** `checks.run[0].name`; keys with other characters in quotes. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((written, segment) => {
    if (typeof segment === 'number') return `${written}[${segment}]`;
    const key = String(segment);
    if (!/^[\w-]+$/.test(key)) return `${written}[${JSON.stringify(key)}]`;
    return written === '' ? key : `${written}.${key}`;
  }, '');
}

/** A value as it stands in a sentence, shortened. */
export function showValue(value: unknown): string {
  const written = value === undefined ? 'nothing' : JSON.stringify(value);
  return written.length > 80 ? `${written.slice(0, 79)}…` : written;
}

/** `a, b or c` */
export function listWords(words: readonly string[], conjunction: 'or' | 'and' = 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;
}
