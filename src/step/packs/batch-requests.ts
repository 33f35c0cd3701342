/** What a batch asks: requests by their prefixes, what they may cost, and which of them are cached. */
import { apiModel } from '../../model/model-name.js';
import type { PackPrompt } from '../../model/prompt.js';
import { grantUsd, outOfShare } from '../budget.js';
import type { BatchRequest } from '../worker-station.js';
import { ensureWithin, expectedTokens } from './ask.js';
import { batchTtl } from './batch-cache.js';
import { packsOfPlan, runContextOf } from './context.js';
import type { PackLine } from './context.js';
import { historyOf } from './history.js';
import type { PackJournal } from './pack-journals.js';
import { failPack, questionOf } from './work.js';

/**
 * Requests of one prefix to one model: packs that miss the references have them all in theirs, and each model has a cache of
 * its own.
 */
interface PrefixGroup {
  /** As the API names it. */
  readonly model: string;
  /** The first one's. */
  readonly prompt: PackPrompt;
  readonly packs: PackJournal[];
  readonly requests: BatchRequest[];
}

/** With the time to live that pays for each group; prefixes that are to be written first are paid for here. */
export async function cachedRequests(
  packLine: PackLine,
  groups: readonly PrefixGroup[],
): Promise<readonly BatchRequest[]> {
  const requests: BatchRequest[] = [];
  const isOneOfModels = new Set(groups.map(({ model }) => model)).size > 1;
  for (const group of groups) {
    const ttl = await batchTtl(packLine, { ...group, isOneOfModels });
    requests.push(...group.requests.map((request) => ({ ...request, ttl })));
  }
  return requests;
}

/** What can be asked; what the references say nothing about is settled. */
export async function requestsFor(
  packLine: PackLine,
  packs: readonly PackJournal[],
): Promise<readonly PrefixGroup[]> {
  const history = historyOf(await packsOfPlan(packLine));
  const groups = new Map<string, PrefixGroup>();
  for (const pack of packs) {
    const { prompt, missed } = await questionOf(packLine, pack, history);
    if (missed !== null) {
      await failPack(pack, missed);
      continue;
    }
    const { uuid, model } = pack.attempt;
    const asked = apiModel(model);
    const key = `${asked} ${prompt.prefixHash}`;
    const group = groups.get(key) ?? { model: asked, prompt, packs: [], requests: [] };
    groups.set(key, group);
    group.packs.push(pack);
    // The group's own parts: thousands of equal texts would fill the memory.
    const { parts } = group.prompt;
    group.requests.push({ customId: uuid, model, parts, message: prompt.message, ttl: 'off' });
  }
  return [...groups.values()];
}

/**
 * What the whole batch is expected to cost, at half the price, has to be left.
 *
 * @throws RegenError `wait` when target or day leave less, `config` when one request would cost more than worker.maxUsd.
 */
export async function ensurePaidFor(
  packLine: PackLine,
  packs: readonly PackJournal[],
  requests: readonly BatchRequest[],
): Promise<void> {
  const { line } = packLine;
  const { ledger } = line.stations;
  const now = line.surroundings.now();
  const costs = requests.map(({ model, parts, message }) => {
    const tokens = expectedTokens(parts.join('').length, message.length);
    return ledger.price(model, tokens, now, true) ?? 0;
  });
  ensureWithin(line.config, Math.max(0, ...costs));
  const usd = costs.reduce((sum, cost) => sum + cost, 0);
  const [first] = packs;
  if (first === undefined) return;
  const context = runContextOf(packLine, first);
  await using grant = await grantUsd(context, { atMost: usd, atLeast: usd });
  if (grant?.maxUsd !== null && grant !== null && grant.maxUsd < usd) throw await outOfShare(context, usd);
}
