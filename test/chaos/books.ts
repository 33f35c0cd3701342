/** The ledger against the scripted model's bill, message by message. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sumBill } from '../../src/demo/model/bill.js';
import type { BillEntry } from '../../src/demo/model/bill.js';
import type { MessageRow } from '../../src/model/ledger.js';
import { parseRow } from '../../src/usage/ledger-row.js';
import { journalsOf } from './journals.js';
import type { Scene } from './scene.js';

export interface Books {
  readonly violations: readonly string[];
  readonly billed: number;
  /** Booked to the token. */
  readonly exact: number;
  /** In flight at a kill or broken off: booked with an estimated output. */
  readonly estimated: number;
  /** In flight at a kill, and killed with it before a byte of the answer was written down. */
  readonly unbooked: number;
}

export const kinds = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h'] as const;

/** Every answer that was billed is on the books once; only one that a kill or a fault broke off may be inexact. */
export async function checkBooks(scene: Scene): Promise<Books> {
  const violations: string[] = [];
  const rows = await readLedger(scene, violations);
  const bill = new Map(scene.model.bill.map((entry) => [entry.id, entry]));
  const begins = await runBegins(scene);
  const unlisted = balanceUnlisted(rows, [...bill.values()]);
  const counts = { exact: 0, estimated: 0, unbooked: 0 };
  for (const entry of bill.values()) {
    const own = rows.filter(({ message }) => message === entry.id);
    const [row] = own;
    if (own.length > 1) violations.push(`${entry.id} is on the books ${own.length} times`);
    if (row === undefined) {
      if (unlisted.has(entry.id)) counts.estimated += 1;
      else if (isLastOfKilled(scene, begins, entry)) counts.unbooked += 1;
      else violations.push(`${entry.id} (${describe(entry)}) isn't on the books`);
      continue;
    }
    const wrong = kinds.filter((kind) => row[kind] !== entry.tokens[kind]);
    if (!row.isEstimate && wrong.length === 0) counts.exact += 1;
    else if (row.isEstimate && (!entry.isComplete || isLastOfKilled(scene, begins, entry)))
      counts.estimated += 1;
    else {
      const shown = wrong.map((kind) => `${kind} ${row[kind]} for ${entry.tokens[kind]}`).join(', ');
      violations.push(`${entry.id} (${describe(entry)}) is booked with ${shown || 'an estimate'}`);
    }
  }
  for (const row of rows) {
    if (isOnItsWay(row)) continue;
    if (!bill.has(row.message) && !unlisted.has(row.message))
      violations.push(`the ledger has ${row.message}, which nobody billed`);
  }
  return { violations, billed: bill.size, ...counts };
}

/** What was asked at a kill and had no answer yet is booked as an estimate; this server doesn't charge for it. */
function isOnItsWay({ message, isEstimate }: MessageRow): boolean {
  return isEstimate && message.endsWith(':unanswered');
}

/**
 * Answers that neither stream nor transcript list are booked as one sum per session: their ids and that row's, where the
 * sums are equal.
 */
function balanceUnlisted(rows: readonly MessageRow[], bill: readonly BillEntry[]): ReadonlySet<string> {
  const booked = new Set(rows.map(({ message }) => message));
  const balanced = new Set<string>();
  for (const row of rows.filter(({ message, isEstimate }) => isEstimate && message.endsWith(':unlisted'))) {
    const missing = bill.filter(({ id, sessionId }) => sessionId === row.session && !booked.has(id));
    const sum = sumBill(missing);
    if (!kinds.every((kind) => row[kind] === sum[kind])) continue;
    [row.message, ...missing.map(({ id }) => id)].forEach((id) => balanced.add(id));
  }
  return balanced;
}

/** The ledger's rows of messages. */
export async function readLedger(
  { root, invocations }: Scene,
  violations: string[],
): Promise<readonly MessageRow[]> {
  const text = await readFile(path.join(root, '.regen', 'ledger.jsonl'), 'utf8').catch(() => '');
  const parsed = text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseRow);
  const torn = parsed.filter(({ kind }) => kind === 'torn').length;
  const mayBeTorn = invocations.filter(({ wasKilled }) => wasKilled).length;
  if (torn > mayBeTorn) violations.push(`${torn} lines of the ledger are torn, after ${mayBeTorn} kills`);
  if (parsed.some(({ kind }) => kind === 'unknown')) violations.push('the ledger has a line that is no row');
  return parsed.flatMap((one) => (one.kind === 'row' && one.row.kind === 'message' ? [one.row] : []));
}

interface RunBegin {
  readonly at: number;
  readonly session: string;
}

/** When runs of the agent began, as the journals have it. */
async function runBegins(scene: Scene): Promise<readonly RunBegin[]> {
  return (await journalsOf(scene)).flatMap(({ records }) =>
    records.flatMap(({ at, event, data }) => {
      const { sessionId } = data;
      const isRun = event === 'begin' && 'prefixHash' in data && typeof sessionId === 'string';
      return isRun ? [{ at: Date.parse(at), session: sessionId }] : [];
    }),
  );
}

/** The last answer that its run got, in an invocation that was killed or by a run that outlived it. */
function isLastOfKilled(
  { invocations, model }: Scene,
  begins: readonly RunBegin[],
  entry: BillEntry,
): boolean {
  const at = entry.at.getTime();
  const index = invocations.findLastIndex(({ startedAt }) => startedAt <= entry.at);
  if (![index, index - 1].some((one) => invocations[one]?.wasKilled === true)) return false;
  const own = begins.filter(({ session }) => session === entry.sessionId).map((begin) => begin.at);
  const nextRun = Math.min(Infinity, ...own.filter((begin) => begin > at));
  return !model.bill.some(
    (other) => other.sessionId === entry.sessionId && other.at > entry.at && other.at.getTime() < nextRun,
  );
}

function describe({ sessionId, isSide, isComplete }: BillEntry): string {
  return `${isSide ? 'side ' : ''}${isComplete ? '' : 'broken '}of session ${sessionId?.slice(0, 8) ?? 'none'}`;
}
