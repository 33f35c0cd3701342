/** What an attempt at a shipment came to. */
import { membersOf } from '../../model/attempt.js';
import type { Journal } from '../journal.js';
import type { AttemptEnd } from '../position.js';
import { firstLine, lastResults } from '../stages/check.js';
import type { PackLine } from './context.js';
import type { ShipmentEnd } from './history.js';
import { takenNames } from './taken-names.js';
import { isLost } from './units.js';

interface Ended {
  readonly end: AttemptEnd;
  readonly journal: Journal;
  /** How often the item of a shipment of one was asked alone, in vain. */
  readonly alone: number;
}

export async function endOf(
  packLine: PackLine,
  { end, journal, alone }: Ended,
): Promise<ShipmentEnd & { readonly attempt: string }> {
  const { item: unit, uuid: attempt } = journal.attempt;
  const members = [...membersOf(journal.attempt)];
  const reason = end.kind === 'shipped' ? null : end.reason;
  const facts = { unit, attempt, members, reason, digest: null, texts: {} };
  switch (end.kind) {
    case 'shipped':
    case 'skipped':
    case 'stopped':
      return { ...facts, outcome: end.kind };
    case 'unchanged':
      return { ...facts, outcome: isStale(journal) ? 'stale' : 'unchanged' };
    case 'failed':
      break;
  }
  const failed = lastResults(journal).find(({ ok }) => !ok);
  if (failed === undefined) return { ...facts, outcome: await unshipped(packLine, unit) };
  if (members.length > 1) return { ...facts, outcome: 'split' };
  const digest = failed.digest ?? firstLine(failed);
  return { ...facts, digest, outcome: alone > 0 ? 'given-up' : 'rejected' };
}

/** Another clone may have pushed the name at any instant up to our own push: the work is as good under another. */
async function unshipped(packLine: PackLine, unit: string): Promise<'renamed' | 'failed'> {
  const { line, plan, signal } = packLine;
  const taken = takenNames(line, plan.target, signal);
  return (await isLost({ ...packLine, taken }, unit)) ? 'renamed' : 'failed';
}

/** The blocks are no longer those that were asked about. */
function isStale(journal: Journal): boolean {
  return journal
    .records()
    .some(({ stage, event, data }) => stage === 'apply' && event === 'end' && data['isStale'] === true);
}
