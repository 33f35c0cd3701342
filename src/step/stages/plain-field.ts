import { parseDocument } from 'yaml';

/** A field of a YAML file as text; null when it isn't there or holds no plain value. */
export function plainField(text: string, field: string): string | null {
  const value: unknown = parseDocument(text).get(field);
  if (typeof value === 'number' || typeof value === 'string') return String(value).replace(/^#/, '');
  return null;
}
