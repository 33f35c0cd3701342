/** The results of a bench as they are stored. Pure. */
import * as z from 'zod';
import { RegenError } from '../model/errors.js';
import type { LabelledSetName, PackingResults } from '../model/packing-bench.js';
import { cellName } from './cell-words.js';

/** In the repository. */
export const packingResultsFile = '.regen/bench/packing.json';

const count = z.int().nonnegative();
const text = z.string().min(1);

const cell = z
  .strictObject({
    model: text,
    size: z.int().positive(),
    asked: count,
    agreed: count,
    failed: count,
    outcomes: z.string().regex(/^[adf]*$/, 'has another letter than a, d and f'),
    requests: count,
    usage: z.strictObject({
      input: count,
      output: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
    }),
    costUsd: z.number().nonnegative().nullable(),
  })
  .refine(
    ({ asked, agreed, failed, outcomes }) =>
      outcomes.length === asked && lettersIn(outcomes, 'a') === agreed && lettersIn(outcomes, 'f') === failed,
    'has counts that its outcomes don’t add up to',
  );

const schema: z.ZodType<PackingResults> = z.strictObject({
  v: z.literal(1),
  at: z.iso.datetime({ offset: true }),
  set: z.strictObject({ file: text, hash: text, items: z.int().positive() }),
  target: text,
  agreement: z.enum(['normal', 'exact']),
  cells: z
    .array(cell)
    .min(1)
    .superRefine((cells, context) => {
      const twice = cells.find(({ model, size }, at) =>
        cells.slice(0, at).some((other) => other.model === model && other.size === size),
      );
      if (twice !== undefined) context.addIssue({ code: 'custom', message: `has ${cellName(twice)} twice` });
    }),
  recommendation: z.union([
    z.strictObject({ model: text, size: z.int().positive(), why: z.string() }),
    z.strictObject({ model: z.null(), size: z.null(), why: z.string() }),
  ]),
});

/**
 * @param file - how messages call it.
 * @throws RegenError `usage` for what isn't such a document, or one of another version.
 */
export function readPackingResults(content: string, file = packingResultsFile): PackingResults {
  const hint = 'Remove it, and let "regen bench packing" measure anew.';
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (cause) {
    throw new RegenError('usage', `${file} is no JSON`, { hint, cause });
  }
  const version = z.object({ v: z.unknown() }).safeParse(data).data?.v;
  if (version !== undefined && version !== 1) {
    const message = `${file} is of version ${JSON.stringify(version)}; this regen reads version 1`;
    throw new RegenError('usage', message, { hint: `Use the regen that wrote it. ${hint}` });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  const message = `${file} holds no results of a packing bench: ${at}${issue?.message ?? ''}`;
  throw new RegenError('usage', message, { hint, cause: parsed.error });
}

/** As it is stored: a person may look at it, and a difference between two should be readable. */
export function packingResultsText(results: PackingResults): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

/**
 * Results of different sets say nothing about each other.
 *
 * @throws RegenError `usage`.
 */
export function demandSameSet(stored: LabelledSetName, now: LabelledSetName): void {
  if (stored.hash === now.hash) return;
  throw new RegenError(
    'usage',
    `the stored results are of another set: ${setInWords(stored)}, and not ${setInWords(now)}`,
    { hint: 'Run "regen bench packing" without --check to measure this set and store its results.' },
  );
}

function lettersIn(outcomes: string, letter: string): number {
  return outcomes.split(letter).length - 1;
}

function setInWords({ file, hash, items }: LabelledSetName): string {
  return `${file} with ${items} items (${hash.slice(0, 7)})`;
}
