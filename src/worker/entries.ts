/** The answer's entries out of its JSON, also when it was cut off. Pure. */
import * as z from 'zod';
import type { PackAnswer } from './settle.js';

/** Every answer's schema: always the same bytes, since it is a part of what the cache goes by. */
export const answerSchema: Readonly<Record<string, unknown>> = {
  type: 'object',
  properties: {
    results: {
      type: 'array',
      items: {
        type: 'object',
        properties: { id: { type: 'string' }, result: { type: ['string', 'null'] } },
        required: ['id', 'result'],
        additionalProperties: false,
      },
    },
  },
  required: ['results'],
  additionalProperties: false,
};

const entrySchema = z.object({
  id: z.union([z.string(), z.number().transform(String)]),
  result: z.unknown(),
});
const resultsSchema = z.object({ results: z.array(z.unknown()) });

/** @param cut - the text of an answer that ended before its end; null: it is whole. */
export function readEntries({
  structured,
  cut,
}: {
  readonly structured: unknown;
  readonly cut: string | null;
}): PackAnswer {
  const results = cut === null ? resultsSchema.safeParse(structured).data?.results : wholeEntries(cut);
  if (results === undefined) return { kind: 'unusable', reason: 'the answer is no list of results' };
  const entries = results.map((entry) => entrySchema.safeParse(entry));
  const whole = entries.flatMap((entry) => (entry.success ? [entry.data] : []));
  if (whole.length === 0 && (cut !== null || results.length > 0))
    return { kind: 'unusable', reason: 'the answer has no results' };
  return { kind: 'answered', results: whole };
}

/** The entries that were complete when the answer broke off. */
function wholeEntries(text: string): readonly unknown[] {
  const start = text.indexOf('[');
  if (start === -1) return [];
  const entries: unknown[] = [];
  let at = start + 1;
  for (;;) {
    const open = text.indexOf('{', at);
    const close = open === -1 ? -1 : endOfObject(text, open);
    if (close === -1) return entries;
    const entry = parsed(text.slice(open, close));
    if (entry !== undefined) entries.push(entry);
    at = close;
  }
}

/** Behind the brace that closes the object; -1: it isn't closed. */
function endOfObject(text: string, open: number): number {
  let depth = 0;
  let isText = false;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (isText) {
      if (character === '\\') at += 1;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
