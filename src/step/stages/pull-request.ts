/** The attempt's pull request, found before it is made. */
import type { FoundPullRequest, PullRequest } from '../../model/forge.js';
import type { TokenTable } from '../../model/token-table.js';
import { ended, once } from '../journal.js';
import type { JournalData } from '../journal.js';
import { effectKey } from '../stage.js';
import type { StageContext } from '../stage.js';
import type { Forge, ShipFacts } from '../ship-station.js';
import { tableHash, tableOf, tokensKey, writeTable } from '../token-tables.js';
import { setLabels } from './labels.js';
import { asPullRequest } from './shipped-data.js';

interface ToOpen extends ShipFacts {
  readonly branch: string;
  readonly sha: string;
}

type Opened =
  | { readonly kind: 'open' | 'merged'; readonly data: JournalData }
  | { readonly kind: 'closed'; readonly reason: string };

/** Finds or makes the attempt's pull request; a person's merge or close is respected. */
export async function openPullRequest(context: StageContext, facts: ToOpen): Promise<Opened> {
  const forge = await context.stations.forge();
  const found = await findOurs(context, forge, facts);
  if (found?.state === 'merged') return { kind: 'merged', data: { pr: bare(found), merged: true } };
  if (found?.state === 'closed') return { kind: 'closed', reason: `PR ${found.url} was closed by a person` };
  const isMade = ended(context.journal, effectKey(context, 'ship', 'pr')) !== null;
  const tokens = await tableOf(context, context.attempt);
  const pr = await createOrUpdate(context, { forge, facts: { ...facts, tokens }, found });
  await settleTokens(context, { tokens, found: isMade ? found : null });
  const labels = await setLabels(context, { forge, facts, number: pr.number });
  return { kind: 'open', data: { pr, labels } };
}

async function findOurs(
  context: StageContext,
  forge: Forge,
  facts: ToOpen,
): Promise<FoundPullRequest | null> {
  const { attempt, journal, journals, signal } = context;
  const key = effectKey(context, 'ship', 'pr');
  const journaled = ended(journal, key);
  const earlier = (await journals.ownUuids(attempt)).filter((uuid) => uuid !== attempt.uuid);
  return forge.find(
    {
      branch: facts.branch,
      headSha: facts.sha,
      attempt: attempt.uuid,
      earlier,
      number: journaled === null ? null : asPullRequest(journaled).number,
    },
    signal,
  );
}

interface Making {
  readonly forge: Forge;
  readonly facts: ToOpen;
  readonly found: FoundPullRequest | null;
}

async function createOrUpdate(context: StageContext, { forge, facts, found }: Making): Promise<PullRequest> {
  const { journal, stations, signal } = context;
  const draft = stations.texts.draft(facts);
  const make = async (): Promise<PullRequest> =>
    bare(
      found === null ? await forge.create(draft, signal) : await forge.update(found.number, draft, signal),
    );
  return once(
    journal,
    { key: effectKey(context, 'ship', 'pr'), run: async () => ({ ...(await make()) }) },
    (data) => ({ ...asPullRequest(data) }),
  );
}

interface Settling {
  readonly tokens: TokenTable;
  /** Made by an earlier invocation, with the table of then; null: made with this table. */
  readonly found: FoundPullRequest | null;
}

/** What a table is worth, an item isn't: what goes wrong is said, and made up for later. */
async function settleTokens(context: StageContext, { tokens: table, found }: Settling): Promise<void> {
  const { attempt, journal, round, signal, surroundings } = context;
  try {
    const left = found === null ? null : await writeTable(context, { found, table, attempt }, signal);
    const hash = tableHash(context, table);
    await journal.append(tokensKey(round), 'end', left === null ? { hash } : { hash, left });
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    surroundings.progress(`${attempt.item}: the token table could not be brought up to date: ${why}`);
  }
}

function bare({ number, url, branch }: PullRequest): PullRequest {
  return { number, url, branch };
}
