/** The edge between a journal's bytes and its records. */
import * as z from 'zod';
import type { Attempt, JournalRecord } from '../model/attempt.js';
import { RegenError } from '../model/errors.js';

const recordSchema = z.object({
  v: z.literal(1),
  at: z.string(),
  attempt: z.string(),
  stage: z.string(),
  round: z.int(),
  effect: z.string(),
  event: z.enum(['begin', 'end']),
  data: z.record(z.string(), z.unknown()),
});

const openingSchema = z.object({
  uuid: z.string(),
  number: z.int(),
  plan: z.string(),
  target: z.string(),
  item: z.string(),
  base: z.string(),
  sessionId: z.string(),
  members: z.array(z.string()).optional(),
  pack: z.int().optional(),
  files: z.array(z.string()).optional(),
  model: z.string().optional(),
  planned: z.string().nullable().optional(),
});

/** Every whole record: torn lines are what kills leave, and the next append begins a line of its own. */
export function parseRecords(text: string): readonly JournalRecord[] {
  return text.split('\n').flatMap((line) => {
    const parsed = recordSchema.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

/** A journal whose opening record was never whole is null: nothing had been begun. */
export interface ParsedJournal {
  readonly opening: Omit<Attempt, 'directory'>;
  readonly records: readonly JournalRecord[];
}

/** @throws RegenError `plan` when the opening record is whole but isn't one of ours. */
export function parseJournal(text: string, file: string): ParsedJournal | null {
  const records = parseRecords(text);
  const first = records[0];
  if (first === undefined) return null;
  const opening = openingSchema.safeParse(first.data);
  if (!opening.success) {
    throw new RegenError(
      'plan',
      `${file}:1 doesn't open an attempt: ${JSON.stringify(first).slice(0, 120)}`,
      {
        hint: 'Move that folder away, then run regen again.',
        cause: opening.error,
      },
    );
  }
  const { members, pack, files, model, planned, ...rest } = opening.data;
  const shared = {
    ...(members === undefined ? {} : { members }),
    ...(pack === undefined ? {} : { pack }),
    ...(files === undefined ? {} : { files }),
    ...(model === undefined ? {} : { model }),
    ...(planned === undefined ? {} : { planned }),
  };
  return { opening: { ...rest, ...shared }, records };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
