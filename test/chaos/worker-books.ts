/** The ledger against the scripted model's bill where the API is called without an agent. */
import type { BillEntry } from '../../src/demo/model/bill.js';
import type { MessageRow } from '../../src/model/ledger.js';
import { kinds, readLedger } from './books.js';
import type { Books } from './books.js';
import type { Scene } from './scene.js';
import type { WorkerFacts } from './variants.js';

/**
 * Every answer that was billed is on the books once, and no more of them reached regen whole than an undisturbed cycle
 * needs. Only what was on its way at a kill may be an estimate, or stand for an answer that nobody heard of.
 */
export async function checkWorkerBooks(scene: Scene, { calls }: WorkerFacts): Promise<Books> {
  const violations: string[] = [];
  const rows = await readLedger(scene, violations);
  const { bill } = scene.model;
  const known = new Set(bill.map(({ id }) => id));
  const unheard = rows.filter(({ message, isEstimate }) => isEstimate && message.endsWith(':unanswered'));
  const unknown = rows.filter((row) => !known.has(row.message) && !unheard.includes(row));
  violations.push(...unknown.map(({ message }) => `the ledger has ${message}, which nobody billed`));
  const kills = scene.invocations.filter(({ wasKilled }) => wasKilled).length;
  if (unheard.length > kills) violations.push(`${unheard.length} unheard answers, after ${kills} kills`);
  const counts = { exact: 0, estimated: 0 };
  let missing = 0;
  for (const entry of bill) {
    const own = rows.filter(({ message }) => message === entry.id);
    const [row] = own;
    if (own.length > 1) violations.push(`${entry.id} is on the books ${own.length} times`);
    if (row === undefined) {
      missing += 1;
      if (!isOfKilled(scene, entry)) violations.push(`${entry.id} isn't on the books`);
    } else if (row.isEstimate && isOfKilled(scene, entry)) counts.estimated += 1;
    else {
      const wrong = differencesOf(row, entry);
      if (wrong.length === 0) counts.exact += 1;
      else violations.push(`${entry.id} is booked with ${wrong.join(', ')}`);
    }
  }
  if (missing > unheard.length)
    violations.push(`${missing} answers aren't on the books, and ${unheard.length} estimates stand for them`);
  if (counts.exact !== calls)
    violations.push(`${counts.exact} whole answers were paid for, where ${calls} would do`);
  const estimated = counts.estimated + Math.min(missing, unheard.length);
  return {
    ...{ violations, billed: bill.length, exact: counts.exact },
    ...{ estimated, unbooked: Math.max(0, missing - unheard.length) },
  };
}

function differencesOf(row: MessageRow, entry: BillEntry): readonly string[] {
  const wrong = kinds
    .filter((kind) => row[kind] !== entry.tokens[kind])
    .map((kind) => `${kind} ${row[kind]} for ${entry.tokens[kind]}`);
  const isBatch = row.isBatch === true;
  return [
    ...wrong,
    ...(row.isEstimate ? ['an estimate'] : []),
    ...(isBatch === entry.isBatch ? [] : [`a price that is ${isBatch ? '' : 'not '}a batch's`]),
  ];
}

/** Asked for by an invocation that was killed; the endpoint may have got to it a moment later. */
function isOfKilled({ invocations }: Scene, { at }: BillEntry): boolean {
  const index = invocations.findLastIndex(({ startedAt }) => startedAt <= at);
  return [index, index - 1].some((one) => invocations[one]?.wasKilled === true);
}
