/**
 * What the ledger comes to without reading all of it: sums that are kept up to a byte, and the rows behind it. The index
 * knows hours and plans; a file per plan, made when it is first asked for, knows its items and attempts. Both say between
 * which bytes a thing's rows are, so that whoever needs the rows themselves reads no others.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { encodeId } from '../model/ids.js';
import { noPlan } from '../model/ledger.js';
import { readLines } from './ledger-file.js';
import type { FileRange, LinePlace } from './ledger-file.js';
import { readRollup, writeRollup } from './rollup-file.js';
import { addToIndex, emptyIndex, packIndex, unpackIndex } from './rollup-index.js';
import type { IndexData } from './rollup-index.js';
import { addToPlan, emptyPlan, packPlan, unpackPlan } from './rollup-plan.js';
import type { PlanData } from './rollup-plan.js';
import { readRow } from './row-reader.js';
import { merged } from './tally.js';
import type { Tally } from './tally.js';

/** So many bytes may stand behind what is kept before it is kept anew: they are read in a millisecond or two. */
const slackBytes = 64 * 1024;

/** The whole ledger, as it is now. Not to be changed: who asks again before anything is booked gets the same. */
export async function readIndex(ledger: string): Promise<IndexData> {
  const now = await stat(ledger).catch(() => null);
  const stamp = now === null ? null : `${ledger} ${now.ino} ${now.size} ${now.mtimeMs}`;
  if (stamp !== null && lastRead?.stamp === stamp) return lastRead.data;
  const data = await loadIndex(ledger);
  lastRead = stamp === null ? null : { stamp, data };
  return data;
}

/** A gate asks for several sums in a row. */
let lastRead: { readonly stamp: string; readonly data: IndexData } | null = null;

async function loadIndex(ledger: string): Promise<IndexData> {
  const file = path.join(folderOf(ledger), 'index.json');
  const kept = await readRollup(file, ledger);
  const data = (kept === null ? null : unpackIndex(kept.data, kept.offset)) ?? emptyIndex();
  const add: AddLine = (line, place) => {
    const parsed = readRow(line);
    if (parsed.kind === 'row') addToIndex(data, parsed.row, place);
    else data.unread[parsed.kind] += 1;
  };
  await catchUp(ledger, { start: data.offset }, add, async (offset, bytes) => {
    data.offset = offset;
    if (bytes > slackBytes) await writeRollup(file, ledger, { offset, data: packIndex(data) });
  });
  return data;
}

/** One plan's part of it, as it is now. */
export async function readPlan(
  ledger: string,
  plan: string,
): Promise<{ readonly index: IndexData; readonly data: PlanData }> {
  const index = await readIndex(ledger);
  const range = merged((index.plans.get(plan) ?? new Map<string, Tally>()).values());
  const name = plan === noPlan ? '' : encodeId(plan);
  const file = path.join(folderOf(ledger), `plan-${name}.json`);
  const kept = await readRollup(file, ledger);
  const data = (kept === null ? null : unpackPlan(plan, kept.data, kept.offset)) ?? emptyPlan();
  if (range.end <= data.offset) return { index, data };
  const add: AddLine = (line, place) => {
    const parsed = readRow(line);
    if (parsed.kind === 'row' && parsed.row.plan === plan) addToPlan(data, parsed.row, place);
  };
  const rest = { start: Math.max(data.offset, range.start), end: range.end };
  await catchUp(ledger, rest, add, async (offset, bytes) => {
    // Between the plan's last row and where the index stands there is none of it.
    data.offset = Math.max(offset, index.offset);
    if (bytes > slackBytes)
      await writeRollup(file, ledger, { offset: data.offset, data: packPlan(plan, data) });
  });
  return { index, data };
}

type AddLine = (line: string, place: LinePlace) => void;

/**
 * Adds whole lines, has them kept, and adds what stands behind them: a last line without its end counts for now, but it is
 * looked at again when it has one.
 *
 * @param keep - is told up to where lines are whole, and how many bytes of them were read.
 */
async function catchUp(
  ledger: string,
  range: FileRange & { readonly start: number },
  add: AddLine,
  keep: (offset: number, bytes: number) => Promise<void>,
): Promise<void> {
  const unfinished: { readonly line: string; readonly place: LinePlace }[] = [];
  const each: AddLine = (line, place) => {
    if (place.isWhole) add(line, place);
    else unfinished.push({ line, place: { ...place } });
  };
  const offset = await readLines(ledger, each, range);
  await keep(offset, offset - range.start);
  for (const { line, place } of unfinished) add(line, place);
}

function folderOf(ledger: string): string {
  return path.join(path.dirname(ledger), 'rollup');
}
