/** A text of JSON that should hold an object, to be checked field by field; null when it doesn't. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : null; // an object's keys are texts
}
