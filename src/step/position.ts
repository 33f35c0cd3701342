/** Where an attempt stands, read off its journal. Pure: the same records always lead to the same place. */
import type { JournalRecord } from '../model/attempt.js';
import { stageResultSchema } from './stage.js';
import type { StageResult } from './stage.js';

export type Position =
  | { readonly kind: 'at'; readonly stage: string; readonly round: number }
  | { readonly kind: 'over'; readonly end: AttemptEnd };

/** How an attempt ended. `shipped` is walking off the line's end. */
export type AttemptEnd =
  | { readonly kind: 'shipped' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'unchanged'; readonly reason: string; readonly isAccepted: boolean }
  | { readonly kind: 'stopped'; readonly reason: string };

/**
 * Walks the ended stages of the journal along the line.
 *
 * @param names - the line's stages in order.
 */
export function positionOf(records: readonly JournalRecord[], names: readonly string[]): Position {
  let index = 0;
  let round = 0;
  for (;;) {
    const stage = names[index];
    if (stage === undefined) return { kind: 'over', end: { kind: 'shipped' } };
    const result = resultOf(records, stage, round);
    if (result === null) return { kind: 'at', stage, round };
    switch (result.kind) {
      case 'next':
        index += 1;
        break;
      case 'back':
        index = Math.max(0, names.indexOf(result.to));
        round += 1;
        break;
      case 'fail':
        return { kind: 'over', end: { kind: 'failed', reason: result.reason } };
      case 'skip':
        return { kind: 'over', end: { kind: 'skipped', reason: result.reason } };
      case 'unchanged':
        return { kind: 'over', end: result };
      case 'stop':
        return { kind: 'over', end: { kind: 'stopped', reason: result.reason } };
    }
  }
}

function resultOf(records: readonly JournalRecord[], stage: string, round: number): StageResult | null {
  const record = records.findLast(
    (one) => one.stage === stage && one.round === round && one.effect === 'stage' && one.event === 'end',
  );
  return record === undefined ? null : stageResultSchema.parse(record.data['result']);
}
