/** What an attempt at a shipment came to. */
import { membersOf } from '../../model/attempt.js';
import type { Attempt } from '../../model/attempt.js';
import { branchTip } from '../branch-tip.js';
import { ended } from '../journal.js';
import type { Journal } from '../journal.js';
import type { AttemptEnd } from '../position.js';
import { stageKey } from '../stage.js';
import { firstLine, lastResults } from '../stages/check.js';
import { pushedSha } from '../stages/shipped-data.js';
import type { PackLine } from './context.js';
import { shipmentsOf } from './history.js';
import type { ShipmentEnd } from './history.js';
import type { PackJournal } from './pack-journals.js';
import { takenNames } from './taken-names.js';
import { isLost } from './units.js';

interface Ended {
  readonly end: AttemptEnd;
  readonly journal: Journal;
  readonly pack: PackJournal;
  /** How often the item of a shipment of one was asked alone, in vain. */
  readonly alone: number;
}

export async function endOf(
  packLine: PackLine,
  { end, journal, pack, alone }: Ended,
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
  if (failed === undefined)
    return { ...facts, outcome: (await isOutrun(packLine, pack, journal)) ? 'outrun' : 'failed' };
  if (members.length > 1) return { ...facts, outcome: 'split' };
  const digest = failed.digest ?? firstLine(failed);
  return { ...facts, digest, outcome: alone > 0 ? 'given-up' : 'rejected' };
}

/** So often a shipment is tried again: who takes each name in the instant of its push goes on doing so. */
const mostRaces = 5;

/** Somebody else may have pushed to the name at any instant up to our own push: the work is as good once more. */
async function isOutrun(packLine: PackLine, pack: PackJournal, journal: Journal): Promise<boolean> {
  if (racesOf(pack, journal.attempt) >= mostRaces) return false;
  const { line, plan, signal } = packLine;
  const taken = takenNames(line, plan.target, signal);
  return (await isLost({ ...packLine, taken }, journal.attempt.item)) || (await hasMoved(packLine, journal));
}

/** In a row, of these items. */
function racesOf(pack: PackJournal, attempt: Attempt): number {
  const members = membersOf(attempt).join('\n');
  const own = shipmentsOf(pack).filter((end) => end.members.join('\n') === members);
  return own.length - 1 - own.findLastIndex(({ outcome }) => outcome !== 'outrun');
}

/** What somebody adds to the target's one branch stays, below what comes; whether it is still ours, base.ts looks. */
async function hasMoved({ line, signal }: PackLine, journal: Journal): Promise<boolean> {
  const { attempt } = journal;
  if (line.config.ship.per !== 'target') return false;
  const branch = line.stations.texts.branch(attempt);
  const tip = await branchTip(line, { branch, base: attempt.base }, signal);
  const expected = ended(journal, stageKey('prepare', 0))?.['expected'] ?? null;
  if (tip === null || !('sha' in tip) || tip.sha === expected) return false;
  const sha = pushedSha(journal);
  return sha === undefined || !(await line.stations.workspace.isAncestor(sha, tip.sha, signal));
}

/** The blocks are no longer those that were asked about. */
function isStale(journal: Journal): boolean {
  return journal
    .records()
    .some(({ stage, event, data }) => stage === 'apply' && event === 'end' && data['isStale'] === true);
}
