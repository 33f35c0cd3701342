/** The labels of the attempt's pull request: what it puts there, and what our earlier attempts left. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EffectKey, Journal } from '../journal.js';
import { begun, ended, once } from '../journal.js';
import { effectKey } from '../stage.js';
import type { StageContext } from '../stage.js';
import type { Forge, ShipFacts } from '../ship-station.js';
import { asNothing, asPullRequest } from './shipped-data.js';

interface Labelling {
  readonly forge: Forge;
  readonly facts: ShipFacts;
  readonly number: number;
}

/**
 * One request each, in order, apart by the delay: every label can start or cancel a run of somebody's pipeline. First go
 * those that our earlier attempts put there and this one doesn't; a person's stay, and what a person took off stays off.
 */
export async function setLabels(context: StageContext, labelling: Labelling): Promise<readonly string[]> {
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
function labelsPut(journals: readonly Journal[], number: number): readonly string[] {
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
