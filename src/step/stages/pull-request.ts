/** The pull request and its labels. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FoundPullRequest, PullRequest } from '../../model/forge.js';
import { begun, ended, once } from '../journal.js';
import type { EffectKey, Journal, JournalData } from '../journal.js';
import { effectKey } from '../stage.js';
import type { StageContext } from '../stage.js';
import type { Forge, ShipFacts } from '../stations.js';
import { asNothing, asPullRequest } from './shipped-data.js';

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
  const pr = await createOrUpdate(context, { forge, facts, found });
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

interface Labelling {
  readonly forge: Forge;
  readonly facts: ShipFacts;
  readonly number: number;
}

/**
 * One request each, in order, apart by the delay: every label can start or cancel a run of somebody's pipeline. First go
 * those that our earlier attempts put there and this one doesn't; a person's stay, and what a person took off stays off.
 */
async function setLabels(context: StageContext, labelling: Labelling): Promise<readonly string[]> {
  const labels = context.stations.texts.labels(labelling.facts);
  const pause = createPause(context);
  await removeStale(context, labelling, { labels, pause });
  for (const [index, label] of labels.entries()) {
    const key = effectKey(context, 'ship', `label:${index}`);
    await labelOnce(context, { key, label, pause }, async ({ mayBeDone }) => {
      const { forge, number } = labelling;
      const isThere = mayBeDone && (await forge.labels(number, context.signal)).includes(label);
      if (!isThere) await forge.addLabel(number, label, context.signal);
    });
  }
  return labels;
}

interface Setting {
  readonly labels: readonly string[];
  readonly pause: Pause;
}

async function removeStale(
  context: StageContext,
  { forge, number }: Labelling,
  { labels, pause }: Setting,
): Promise<void> {
  const { attempt, journals, signal } = context;
  const earlier = (await journals.ofItem(attempt)).filter((one) => one.attempt.uuid !== attempt.uuid);
  const wanted = new Set(labels.map((label) => label.toLowerCase()));
  const stale = labelsPut(earlier, number).filter((label) => !wanted.has(label.toLowerCase()));
  if (stale.length === 0) return;
  const present = new Set(await forge.labels(number, signal));
  for (const label of stale) {
    const key = effectKey(context, 'ship', `unlabel:${label}`);
    // A person took it off, or we did before we were killed.
    if (!present.has(label)) continue;
    await labelOnce(context, { key, label, pause }, () => forge.removeLabel(number, label, signal));
  }
}

/** What those attempts, oldest first, put on the pull request and left there, by their journals. */
export function labelsPut(journals: readonly Journal[], number: number): readonly string[] {
  const put = new Set<string>();
  for (const journal of journals.filter((one) => pullRequestOf(one) === number)) {
    for (const { stage, effect, event, data } of journal.records()) {
      const label = data['label'];
      if (stage !== 'ship' || typeof label !== 'string') continue;
      // Begun is enough: it may be there.
      if (effect.startsWith('label:')) put.add(label);
      if (effect.startsWith('unlabel:') && event === 'end') put.delete(label);
    }
  }
  return [...put];
}

function pullRequestOf(journal: Journal): number | null {
  const record = journal
    .records()
    .findLast(({ stage, effect, event }) => stage === 'ship' && effect === 'pr' && event === 'end');
  return record === undefined ? null : asPullRequest(record.data).number;
}

type Pause = () => Promise<void>;

/** Nothing before the first request, the delay before each other one. */
function createPause({ config, signal }: StageContext): Pause {
  let isFirst = true;
  return async () => {
    if (!isFirst) await delay(config.ship.labelDelay, undefined, { signal });
    isFirst = false;
  };
}

interface LabelEffect {
  readonly key: EffectKey;
  readonly label: string;
  readonly pause: Pause;
}

/** `mayBeDone`: it was begun before a kill. */
async function labelOnce(
  { journal }: StageContext,
  { key, label, pause }: LabelEffect,
  run: (at: { readonly mayBeDone: boolean }) => Promise<void>,
): Promise<void> {
  if (ended(journal, key) !== null) return;
  const mayBeDone = begun(journal, key) !== null;
  await pause();
  const intent = { label };
  await once(
    journal,
    {
      key,
      intent,
      run: async () => {
        await run({ mayBeDone });
        return intent;
      },
    },
    asNothing,
  );
}

function bare({ number, url, branch }: PullRequest): PullRequest {
  return { number, url, branch };
}
