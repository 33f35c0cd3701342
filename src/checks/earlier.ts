/** What a check failed at in a run before, kept beside its log. */
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import * as z from 'zod';
import { cut } from '../model/excerpt.js';
import { parsedObject } from '../model/parsed-object.js';
import type { TestFailure } from '../model/test-report/report.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readOptional } from '../system/read-optional.js';
import { fileStem } from './trial.js';
import type { VariantRun } from './trial.js';

export interface Earlier {
  readonly runner: string | null;
  /** The item's own; empty when the check passed. */
  readonly failures: readonly TestFailure[];
}

export const failureSchema = z.object({
  name: z.string(),
  suite: z.string().nullable(),
  title: z.string(),
  file: z.string().nullable(),
  line: z.number().nullable(),
  message: z.string(),
  rest: z.string().optional(),
});

const earlierSchema = z.object({ runner: z.string().nullable(), failures: z.array(failureSchema) });

/** Enough to tell one message from another. */
const longestMessage = 500;

export async function keepFailures({ stem }: VariantRun, { runner, failures }: Earlier): Promise<void> {
  const short = failures.map((failure) => ({ ...failure, message: cut(failure.message, longestMessage) }));
  await mkdir(dirname(stem), { recursive: true });
  await writeAtomically(fileOf(stem), `${JSON.stringify({ runner, failures: short })}\n`);
}

/** Of the newest run that got as far as this check; null when there was none, or its file can't be read. */
export async function failuresBefore({ place, variant }: VariantRun): Promise<Earlier | null> {
  for (const folder of place.before) {
    const text = await readOptional(fileOf(join(folder, fileStem(variant.name))));
    if (text === null) continue;
    const parsed = earlierSchema.safeParse(parsedObject(text));
    return parsed.success ? parsed.data : null;
  }
  return null;
}

function fileOf(stem: string): string {
  return `${stem}.failures.json`;
}
