/** What the templates of `record` come to. Pure. */
import { fillTemplate, placeholdersOf } from '../model/template.js';
import type { Values } from '../model/template.js';

/** What a template may name; null: there is none this time. */
export interface RecordValues {
  readonly target: string;
  readonly item: string;
  readonly model: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly score: number | null;
  readonly breakdown: string | null;
  readonly parentIssue: string | null;
}

/**
 * The field's value; null when the template names something that there is none of, so that the field stays as it is.
 * `{score}` or `{parentIssue}` alone is a number, everything else a text: a version `3.10` must not become 3.1.
 */
export function fieldValue(template: string, values: RecordValues): string | number | null {
  if (emptyPlaceholders(template, values).length > 0) return null;
  const filled = fillTemplate(template, known(values));
  return /^\{(?:score|parentIssue)\}$/.test(template) && /^\d+(?:\.\d+)?$/.test(filled)
    ? Number(filled)
    : filled;
}

/** The placeholders of the template that have no value this time. */
export function emptyPlaceholders(template: string, values: RecordValues): readonly string[] {
  const empty = Object.entries(values).flatMap(([name, value]) => (value === null ? [name] : []));
  return placeholdersOf(template).filter((name) => empty.includes(name));
}

/** What there is, as text. */
export function known(values: RecordValues): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}
