/**
 * The attempt's journal: what began, what ended. One JSON line each, on disk before the effect begins, so that whoever
 * comes next knows what may have happened outside.
 */
import type { Attempt, Commission, JournalRecord } from '../model/attempt.js';

export type JournalData = Readonly<Record<string, unknown>>;

/** Which effect is meant; a round is one pass of the repair or improvement loop. */
export interface EffectKey {
  readonly stage: string;
  readonly round: number;
  readonly effect: string;
}

export interface Journal<Owner extends Commission = Attempt> {
  readonly attempt: Owner;
  records(): readonly JournalRecord[];
  /** Durable when it returns. */
  append(key: EffectKey, event: 'begin' | 'end', data?: JournalData): Promise<void>;
}

/** What an effect left when it ended; null when it didn't end. */
export function ended(journal: Journal<Commission>, key: EffectKey): JournalData | null {
  return find(journal, key, 'end')?.data ?? null;
}

/** What an effect began with, although it didn't end. */
export function begun(journal: Journal<Commission>, key: EffectKey): JournalData | null {
  if (ended(journal, key) !== null) return null;
  return find(journal, key, 'begin')?.data ?? null;
}

interface Effect<T extends JournalData> {
  readonly key: EffectKey;
  /** What the effect needs to be looked up later. */
  readonly intent?: JournalData;
  /** Looks outside whether an effect that began took place; null: it didn't. */
  find?(intent: JournalData): Promise<T | null>;
  run(): Promise<T>;
}

/**
 * Runs an effect once: what ended isn't run again, what began is first looked up outside.
 * An effect that throws stays begun.
 */
export async function once<T extends JournalData>(
  journal: Journal,
  effect: Effect<T>,
  read: (data: JournalData) => T,
): Promise<T> {
  const before = ended(journal, effect.key);
  if (before !== null) return read(before);
  const intent = begun(journal, effect.key);
  const found = intent === null || effect.find === undefined ? null : await effect.find(intent);
  if (found !== null) {
    await journal.append(effect.key, 'end', found);
    return found;
  }
  await journal.append(effect.key, 'begin', effect.intent ?? {});
  const data = await effect.run();
  await journal.append(effect.key, 'end', data);
  return data;
}

function find(
  journal: Journal<Commission>,
  key: EffectKey,
  event: 'begin' | 'end',
): JournalRecord | undefined {
  return journal
    .records()
    .findLast(
      (record) =>
        record.event === event &&
        record.stage === key.stage &&
        record.round === key.round &&
        record.effect === key.effect,
    );
}
