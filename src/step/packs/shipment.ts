/** What is shipped together: an attempt at several items, whose work is the answers of their pack. */
import * as z from 'zod';
import { membersOf } from '../../model/attempt.js';
import { planKey } from '../../model/plan.js';
import { textDigest } from '../../system/work-digests.js';
import { cleanUp, resumable, tickKey } from '../attempts.js';
import { isClosed } from '../journal-files.js';
import { ended } from '../journal.js';
import type { Journal } from '../journal.js';
import { positionOf } from '../position.js';
import { noteShipped } from '../shipped-log.js';
import { stageNamesOf, walk } from '../walk.js';
import type { PackLine } from './context.js';
import { noteKeptBlocks, noteShippedBlocks } from './good-blocks.js';
import { asData, shipmentEndSchema, shipmentsOf } from './history.js';
import type { ShipmentEnd, WaitingAnswer } from './history.js';
import { markMembers } from './mark-members.js';
import type { PackJournal } from './pack-journals.js';
import { endOf } from './shipment-end.js';
import { shippedBlocks } from './shipped-blocks.js';
import type { ShippedBlock } from './shipped-blocks.js';
import { unitOf } from './units.js';

export interface Shipment {
  readonly pack: PackJournal;
  /** Of one pack, in its order. */
  readonly answers: readonly WaitingAnswer[];
  /** How often the item of a shipment of one was asked alone, in vain. */
  readonly alone: number;
}

export interface Shipped {
  readonly end: ShipmentEnd;
  readonly journal: Journal;
}

/** Ships, or goes on with what a kill interrupted; marks what came of it. */
export async function ship(packLine: PackLine, shipment: Shipment): Promise<Shipped> {
  return shipAttempt(packLine, await attemptOf(packLine, shipment), shipment);
}

/** The same of an attempt that is there. */
export async function shipAttempt(
  packLine: PackLine,
  journal: Journal,
  shipment: Omit<Shipment, 'answers'>,
): Promise<Shipped> {
  const { line, signal } = packLine;
  const over = positionOf(journal.records(), stageNamesOf(journal.attempt));
  const context = { ...line, attempt: journal.attempt, journal, signal };
  const end = over.kind === 'over' ? over.end : await walk(context);
  const members = membersOf(journal.attempt);
  const ending = await endOf(packLine, { ...shipment, end, journal });
  const blocks = ending.outcome === 'shipped' ? await shippedBlocks(packLine, journal) : noBlocks;
  const shipped = { ...ending, texts: digestsOf(blocks) };
  // Once more after a kill they come to the same; after the mark, a kill would lose them.
  if (shipped.outcome === 'shipped') {
    await noteShipped(line.surroundings, journal.attempt.target);
    await noteShippedBlocks(packLine, shipment.pack, blocks);
  }
  if (shipped.outcome === 'unchanged') await noteKeptBlocks(packLine, shipment.pack, members);
  await markMembers(packLine, { journal, end, shipped, pack: shipment.pack });
  // From here on the end stands, whatever a person makes of the items.
  await journal.append(tickKey, 'end', { shipment: shipped });
  if (!isClosed(journal)) await cleanUp(line, journal, signal);
  await recordEnd(shipment.pack, shipped);
  return { end: shipped, journal };
}

const noBlocks: ReadonlyMap<string, ShippedBlock> = new Map();

function digestsOf(blocks: ReadonlyMap<string, ShippedBlock>): Record<string, string> {
  return Object.fromEntries([...blocks].map(([id, { text }]) => [id, textDigest(text)]));
}

/** Shipments that were marked when a kill came, and don't stand in their pack's journal yet. */
export async function recordMarked(
  { journals }: Pick<PackLine['line'], 'journals'>,
  pack: PackJournal,
): Promise<void> {
  const { plan, target, number } = pack.attempt;
  for (const journal of await journals.ofPlan(plan, target)) {
    if (journal.attempt.pack !== number || isRecorded(pack, journal)) continue;
    const marked = markedSchema.safeParse(ended(journal, tickKey));
    if (marked.success) await recordEnd(pack, marked.data.shipment);
  }
}

const markedSchema = z.object({ shipment: shipmentEndSchema });

/** These answers are dropped before anything was made of them. */
export async function recordStale(pack: PackJournal, members: readonly string[]): Promise<void> {
  const facts = { unit: '', attempt: '', reason: null, digest: null, texts: {} };
  await recordEnd(pack, { ...facts, members: [...members], outcome: 'stale' });
}

async function recordEnd(pack: PackJournal, end: ShipmentEnd): Promise<void> {
  const round = shipmentsOf(pack).length;
  await pack.append({ stage: 'shipment', round, effect: end.unit }, 'end', asData(end));
}

/** The attempt that a kill left, if it is for the same items on the same base, or a new one. */
async function attemptOf(packLine: PackLine, shipment: Shipment): Promise<Journal> {
  const { line, plan, base, items, signal } = packLine;
  const { pack, answers } = shipment;
  const members = answers.map(({ id }) => id);
  const ref = { target: plan.target, item: await unitOf(packLine, shipment) };
  const last = (await line.journals.attempts(planKey(plan), ref)).at(-1);
  const isSame =
    last?.attempt.pack === pack.attempt.number &&
    last.attempt.base === base &&
    membersOf(last.attempt).join('\n') === members.join('\n');
  if (last !== undefined && isSame && !isRecorded(pack, last) && !isClosed(last)) {
    const open = await resumable(line, plan, ref, signal);
    if (open !== null) return open;
  } else if (last !== undefined && !isClosed(last)) await cleanUp(line, last, signal);
  const files = [...new Set(members.flatMap((id) => items.get(id)?.file.split.path ?? []))];
  return line.journals.open({ ...ref, plan: planKey(plan), base, members, files, pack: pack.attempt.number });
}

/** Whether the attempt's end stands in the pack's journal already: then it is no attempt at this shipment. */
export function isRecorded(pack: PackJournal, { attempt }: Journal): boolean {
  return pack
    .records()
    .some(
      ({ stage, event, data }) => stage === 'shipment' && event === 'end' && data['attempt'] === attempt.uuid,
    );
}
