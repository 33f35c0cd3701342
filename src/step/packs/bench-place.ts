/** Where a packing bench keeps its calls and their journal: `.regen/bench/calls/`, those of the last one. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Commission } from '../../model/attempt.js';
import { RegenError } from '../../model/errors.js';
import { noPlan } from '../../model/ledger.js';
import type { Surroundings } from '../../model/surroundings.js';
import { acquireLock } from '../../system/lock.js';
import { readOptional } from '../../system/read-optional.js';
import { journalOf } from '../journal-file.js';
import { parseRecords } from '../journal-records.js';
import type { EffectKey, Journal } from '../journal.js';
import { recoverRunsAt } from '../recover-runs.js';
import type { Recoverer } from '../recover-runs.js';
import { holderText } from '../run-lock.js';

export const benchStage = 'bench';

const openingKey: EffectKey = { stage: benchStage, round: 0, effect: 'open' };

const openingSchema = z.object({
  uuid: z.string(),
  sessionId: z.string(),
  target: z.string(),
  base: z.string(),
});

/** Held until it is disposed of: one bench at a time. */
export interface BenchPlace extends AsyncDisposable {
  readonly journal: Journal<Commission>;
}

/**
 * Books what a killed bench has paid for, and makes room for this one. It belongs to no plan: no plan's money is spent by it.
 *
 * @throws RegenError `wait` while another bench is at work.
 */
export async function openBenchPlace(
  line: Recoverer,
  about: { readonly target: string; readonly base: string },
  signal: AbortSignal,
): Promise<BenchPlace> {
  const { surroundings } = line;
  const bench = path.join(surroundings.root, '.regen', 'bench');
  const lock = await acquireLock(path.join(bench, 'lock'), surroundings);
  if (lock.kind === 'busy') {
    throw new RegenError('wait', `a packing bench is running already: ${holderText(lock.holder)}`, {
      hint: 'Wait for it to end.',
    });
  }
  try {
    const directory = path.join(bench, 'calls');
    const left = await readPlace(directory, surroundings);
    if (left !== null) await recoverRunsAt(line, { journal: left, cwd: () => directory }, signal);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const opening = { ...about, uuid: surroundings.newId(), sessionId: surroundings.newId() };
    const journal = journalOf<Commission>(commission(opening, directory), [], surroundings);
    await journal.append(openingKey, 'begin', opening);
    return { journal, [Symbol.asyncDispose]: () => lock.release() };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function readPlace(directory: string, surroundings: Surroundings): Promise<Journal<Commission> | null> {
  const records = parseRecords((await readOptional(path.join(directory, 'journal.jsonl'))) ?? '');
  const opening = openingSchema.safeParse(records[0]?.data);
  return opening.success ? journalOf(commission(opening.data, directory), records, surroundings) : null;
}

function commission(opening: z.output<typeof openingSchema>, directory: string): Commission {
  return { ...opening, item: null, number: 1, plan: noPlan, directory };
}
