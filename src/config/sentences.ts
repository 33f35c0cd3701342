/** Zod's findings as sentences: the value, why it is wrong, and after a semicolon the mend. */
import type * as z from 'zod';
import { closest } from '../model/suggest.js';
import { configJsonSchema, knownKeys, schemasAt } from './json-schema.js';
import type { JsonSchema } from './json-schema.js';
import { listWords, showValue } from './problem.js';
import type { ConfigPath, Problem } from './problem.js';
import { wrongType } from './wrong-type.js';

type Issue = z.core.$ZodIssue;

export function describeIssues(issues: readonly Issue[], data: unknown): Problem[] {
  const schema = configJsonSchema();
  return issues.flatMap((issue) => describeIssue(issue, { data, schema, parent: [] }));
}

interface Facts {
  readonly data: unknown;
  readonly schema: JsonSchema;
  /** Issues inside an either-or have paths relative to it. */
  readonly parent: ConfigPath;
}

function describeIssue(issue: Issue, facts: Facts): Problem[] {
  const path = [...facts.parent, ...issue.path];
  const value = valueAt(facts.data, path);
  const shown = showValue(value);
  const one = (text: string, at: Problem['at'] = 'value'): Problem[] => [{ path, at, text }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, facts.schema));
    case 'invalid_union':
      return describeUnion(issue, facts, path);
    case 'invalid_type':
      return one(wrongType(value, schemasAt(facts.schema, path)), value === undefined ? 'key' : 'value');
    case 'invalid_value':
      return one(wrongChoice(value, issue.values));
    case 'too_small':
    case 'too_big':
      return one(wrongSize(issue, shown));
    case 'invalid_format':
      return one(`${shown} does not fit; write ${issue.message}`);
    case 'invalid_key':
      return one(`${showValue(issue.path.at(-1))} does not fit; write ${listWords(messages(issue))}`, 'key');
    case 'custom':
      return one(issue.message, 'key');
    case 'invalid_element':
    case 'not_multiple_of':
      return one(`${shown}: ${issue.message}`);
  }
}

function unknownKey(key: string, parent: ConfigPath, schema: JsonSchema): Problem {
  const known = knownKeys(schema, parent);
  const near = closest(key, known);
  const mend = near === null ? `known here: ${listWords(known, 'and')}` : `did you mean "${near}"?`;
  return { path: [...parent, key], at: 'key', text: `is not a known key; ${mend}` };
}

/** Reports on the alternative that was meant: the one whose shape the value has. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, facts: Facts, path: ConfigPath): Problem[] {
  const fitting = issue.errors.filter((issues) => !issues.some(isOtherShape));
  const [meant] = fitting.toSorted((left, right) => left.length - right.length);
  if (meant !== undefined) return meant.flatMap((each) => describeIssue(each, { ...facts, parent: path }));
  const value = valueAt(facts.data, path);
  return [{ path, at: 'value', text: wrongType(value, schemasAt(facts.schema, path)) }];
}

function isOtherShape(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function wrongChoice(value: unknown, choices: readonly unknown[]): string {
  const words = choices.map((choice) => (typeof choice === 'string' ? choice : showValue(choice)));
  if (value === undefined) return `is missing; write ${listWords(words)}`;
  const near = typeof value === 'string' ? closest(value, words) : null;
  const mend = near === null ? `write ${listWords(words)}` : `did you mean ${showValue(near)}?`;
  return `${showValue(value)} is not ${listWords(words)}; ${mend}`;
}

function wrongSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, shown: string): string {
  if (issue.origin === 'string') return `${shown} is empty; write something, or remove the key`;
  if (issue.origin === 'array') return `${shown} is an empty list; name at least one, or remove the key`;
  const isSmall = issue.code === 'too_small';
  const limit = String(isSmall ? issue.minimum : issue.maximum);
  const words = isSmall ? ['small', 'above', 'of at least'] : ['big', 'below', 'of at most'];
  return `${shown} is too ${words[0]}; write a number ${issue.inclusive === true ? words[2] : words[1]} ${limit}`;
}

function messages(issue: z.core.$ZodIssueInvalidKey): string[] {
  return issue.issues.map((each) => each.message);
}

function valueAt(data: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, segment)?.value;
  }, data);
}
