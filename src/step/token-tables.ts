/** The token tables of shipped items, kept up to date in their pull requests. */
import { membersOf } from '../model/attempt.js';
import type { Attempt } from '../model/attempt.js';
import { hashOf } from '../system/content-hash.js';
import type { FoundPullRequest } from '../model/forge.js';
import type { TokenSum, TokenTable } from '../model/token-table.js';
import { RegenError } from '../model/errors.js';
import { noUsage } from '../model/usage.js';
import type { Usage } from '../model/usage.js';
import { ended } from './journal.js';
import type { EffectKey, Journal } from './journal.js';
import type { Line } from './stage.js';
import { asPullRequest } from './stages/shipped-data.js';
import { drivingSessions, itemTable, shipmentTable } from './token-table.js';

type PlanRef = Pick<Attempt, 'plan' | 'target'>;

/** What the attempt's items took so far. */
export async function tableOf(
  line: Pick<Line, 'stations' | 'journals'>,
  attempt: Attempt,
): Promise<TokenTable> {
  return tableFrom(line, await line.stations.ledger.tokenSums(attempt), attempt);
}

/** What is remembered of a table that was written, so that the same one isn't written again. */
export function tableHash({ stations }: Pick<Line, 'stations'>, table: TokenTable): string {
  // A session goes on talking; that alone is no reason for another request.
  return hashOf(stations.texts.tokens({ ...table, outside: noUsage }));
}

/** The record of the table in an attempt's pull request; written anew whenever the table is. */
export function tokensKey(round: number): EffectKey {
  return { stage: 'ship', round, effect: 'tokens' };
}

/**
 * Brings the tables up to date in the open pull requests of a plan, where the books have changed since they were written:
 * a request or two for each of those, none for the others. Nothing that goes wrong here is worth an item: it is said, and
 * the next invocation tries again.
 */
export async function refreshTables(
  line: Line,
  plan: PlanRef,
  signal: AbortSignal,
  which: { readonly item: string | null } = { item: null },
): Promise<void> {
  if (line.config.ship.to !== 'github') return;
  await attempted(line, signal, () => refresh(line, plan, which.item, signal));
}

/** Whether it could be done; what went wrong is said. */
async function attempted(
  { surroundings }: Line,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<'done' | 'failed' | 'refused'> {
  try {
    await work();
    return 'done';
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    surroundings.progress(`a token table could not be brought up to date: ${why}`);
    return error instanceof RegenError && error.code === 'item' ? 'refused' : 'failed';
  }
}

async function refresh(line: Line, plan: PlanRef, item: string | null, signal: AbortSignal): Promise<void> {
  const { stations, journals } = line;
  const attempts =
    item === null
      ? await journals.ofPlan(plan.plan, plan.target)
      : await journals.attempts(plan.plan, { target: plan.target, item });
  const shown = lastShown(attempts);
  if (shown.length === 0) return;
  const sums = await stations.ledger.tokenSums(plan);
  for (const one of shown) {
    const { attempt } = one.journal;
    const hash = tableHash(
      line,
      tableOfItems(sums, { attempt, items: await itemsOf(line, attempt) }, noUsage),
    );
    if (one.hash === hash) continue;
    const end = await attempted(line, signal, async () => {
      await rewrite(line, { ...one, table: await tableFrom(line, sums, attempt), hash }, signal);
    });
    // Without a network or a token the next ones fare no better.
    if (end === 'failed') return;
  }
}

interface Shown {
  readonly journal: Journal;
  readonly key: EffectKey;
  readonly number: number;
  readonly hash: string | null;
  readonly isLeft: boolean;
}

/** Of each item the last attempt with a pull request, unless the table there is left alone from now on. */
function lastShown(journals: readonly Journal[]): readonly Shown[] {
  const byItem = new Map(
    journals.flatMap((journal) => {
      const shown = shownIn(journal);
      return shown === null ? [] : [[journal.attempt.item, shown] as const];
    }),
  );
  return [...byItem.values()].filter(({ isLeft }) => !isLeft);
}

/** null: it made no pull request. */
function shownIn(journal: Journal): Shown | null {
  const made = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === 'ship' && effect === 'pr' && event === 'end');
  if (made === undefined) return null;
  const key = tokensKey(made.round);
  const told = ended(journal, key);
  const hash = told?.['hash'];
  return {
    journal,
    key,
    number: asPullRequest(made.data).number,
    hash: typeof hash === 'string' ? hash : null,
    isLeft: told?.['left'] !== undefined,
  };
}

async function rewrite(
  line: Line,
  {
    journal,
    key,
    number,
    table,
    hash,
  }: Omit<Shown, 'hash'> & { readonly table: TokenTable; readonly hash: string },
  signal: AbortSignal,
): Promise<void> {
  const { attempt } = journal;
  const forge = await line.stations.forge();
  const query = { branch: '', headSha: '', attempt: attempt.uuid, earlier: [], number };
  const found = await forge.find(query, signal);
  if (found === null) return;
  const left = await writeTable(line, { found, table, attempt }, signal);
  await journal.append(key, 'end', left === null ? { hash } : { hash, left });
}

interface Writing {
  readonly found: FoundPullRequest;
  readonly table: TokenTable;
  readonly attempt: Attempt;
}

/**
 * Writes the table into the pull request if it says something else.
 *
 * @returns why it is left as it is for good; null: it is looked at again when the books have changed, since what a person
 * closed or took out may be back then.
 */
export async function writeTable(
  { stations, surroundings }: Line,
  { found, table, attempt }: Writing,
  signal: AbortSignal,
): Promise<string | null> {
  if (found.state !== 'open') return found.state === 'merged' ? 'merged' : null;
  const change = stations.texts.withTokens(found.body, table);
  switch (change.kind) {
    case 'same':
    case 'absent':
      return null;
    case 'broken':
      surroundings.progress(
        `${attempt.item}: the token table in ${found.url} is left as it is: one of its markers (regen:tokens) is gone`,
      );
      return null;
    case 'replaced': {
      const forge = await stations.forge();
      await forge.setBody(found.number, change.body, signal);
      surroundings.progress(`${attempt.item}: the token table in ${found.url} is up to date`);
      return null;
    }
  }
}

async function tableFrom(
  line: Pick<Line, 'stations' | 'journals'>,
  sums: readonly TokenSum[],
  attempt: Attempt,
): Promise<TokenTable> {
  const items = await itemsOf(line, attempt);
  const outside = await line.stations.ledger.outsideItems(drivingSessions(sums, items));
  return tableOfItems(sums, { attempt, items }, outside);
}

function tableOfItems(
  sums: readonly TokenSum[],
  { attempt, items }: { readonly attempt: Attempt; readonly items: readonly string[] },
  outside: Usage,
): TokenTable {
  const { item, uuid, pack } = attempt;
  return pack === undefined
    ? itemTable(sums, { item, attempt: uuid }, outside)
    : shipmentTable(sums, items, outside);
}

/** What the pull request is about: with `ship.per: target` several shipments make it, one after the other. */
async function itemsOf({ journals }: Pick<Line, 'journals'>, attempt: Attempt): Promise<readonly string[]> {
  if (attempt.pack === undefined) return membersOf(attempt);
  const all = await journals.attempts(attempt.plan, attempt);
  return [...new Set([...all.map((one) => one.attempt), attempt].flatMap(membersOf))];
}
