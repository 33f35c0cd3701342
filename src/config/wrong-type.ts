/** A value of another type than the schema's: what it is, what is wanted, and how people come to write it. */
import { durationPattern } from '../model/duration.js';
import type { JsonSchema } from './json-schema.js';
import { listWords, showValue } from './problem.js';

/** @param wanted - the alternatives that would have been right. */
export function wrongType(value: unknown, wanted: readonly JsonSchema[]): string {
  const expected = listWords(wanted.map(nameOfSchema));
  const purpose = wanted.find((node) => node.description !== undefined)?.description;
  if (value === undefined)
    return `is missing; add ${expected}${purpose === undefined ? '' : ` (${purpose})`}`;
  if (value === null) return `is empty; write ${expected}, or remove the key`;
  return `${nameOfValue(value)}, not ${expected}; ${mend(value, wanted, expected)}`;
}

function mend(value: unknown, wanted: readonly JsonSchema[], expected: string): string {
  const types = new Set(wanted.map((node) => node.type));
  const isDuration = wanted.some((node) => node.pattern === durationPattern.source);
  if (isDuration && typeof value === 'number') return `give the unit, such as ${value}m or ${value}s`;
  if (types.has('string')) {
    if (typeof value === 'number' || typeof value === 'boolean') return `put it in quotes: "${value}"`;
    if (isBraces(value)) return 'a text that begins with { needs quotes';
  }
  if (types.has('array') && typeof value === 'string') return `put it in brackets: [${showValue(value)}]`;
  const isNumber = types.has('number') || types.has('integer');
  if (isNumber && typeof value === 'string' && Number.isFinite(Number(value))) return 'remove the quotes';
  return `write ${expected}`;
}

/** `{target}` without quotes is a mapping to YAML: one key without a value. */
function isBraces(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const values: readonly unknown[] = Object.values(value);
  return values.length === 1 && values[0] === null;
}

function nameOfValue(value: unknown): string {
  if (Array.isArray(value)) return `${showValue(value)} is a list`;
  switch (typeof value) {
    case 'number':
      return `${value} is a number`;
    case 'boolean':
      return `${value} is true or false`;
    case 'string':
      return `${showValue(value)} is a text`;
    default:
      return `${showValue(value)} is a mapping`;
  }
}

function nameOfSchema(node: JsonSchema): string {
  if (node.const !== undefined) return showValue(node.const);
  if (node.enum !== undefined) return listWords(node.enum.map(showValue));
  if (node.pattern === durationPattern.source) return 'a duration';
  switch (node.type) {
    case 'array':
      return 'a list';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'null':
      return 'nothing';
    case 'string':
      return 'a text';
    default:
      return nameOfMapping(node);
  }
}

function nameOfMapping(node: JsonSchema): string {
  const keys = Object.keys(node.properties ?? {});
  return keys.length === 0 ? 'a mapping' : `a mapping of ${listWords(keys, 'and')}`;
}
