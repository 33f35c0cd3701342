/** Reference documents of a plan's packs: whole in the prefix of all, or what is found for each. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { cacheMinimum } from '../../model/cache-minimum.js';
import type { Enclosed } from '../../model/enclosure.js';
import { encodeId } from '../../model/ids.js';
import { modelWindow } from '../../model/model-name.js';
import { parsedObject } from '../../model/parsed-object.js';
import { planKey } from '../../model/plan.js';
import { noTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';
import { writeAtomically } from '../../system/atomic-write.js';
import { hashOf } from '../../system/content-hash.js';
import { readOptional } from '../../system/read-optional.js';
import { removeTemporaries } from '../../system/temporaries.js';
import type { ChosenReferences, EmbeddingRequest, References } from '../references-station.js';
import type { Line } from '../stage.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';

export interface PackReferences {
  /** In the prefix of every pack. */
  readonly whole: readonly Enclosed[];
  /** Asked for each pack; null: there is nothing to search. */
  readonly search: {
    readonly references: References;
    readonly fullText: string;
    readonly fits: boolean;
  } | null;
}

const noReferences: PackReferences = { whole: [], search: null };

/** What is the same for the plan's whole life, as long as base and regen.yaml are: the prefix must not change between packs. */
export async function referencesFor(
  packLine: Omit<PackLine, 'references'>,
  isLooking: boolean,
): Promise<PackReferences> {
  const { line, plan, rules, signal } = packLine;
  const tree = line.stations.workspace.tree(rules);
  const references = await line.stations.references({ tree, target: plan.target });
  if (references === null) return noReferences;
  const { worker: settings } = line.config;
  const wanted = plan.items.flatMap(({ id, state }) =>
    state === 'skipped' ? [] : (packLine.items.get(id) ?? []),
  );
  const facts = { target: plan.target, tree, blocks: [], references: [], passages: [] };
  const { prefix } = await line.stations.prompts.pack(facts, signal);
  const chosen = await references.choose(
    {
      queries: wanted.map(({ block }) => block.content),
      prefixTokens: Math.ceil(prefix.length / 3.5),
      calls: Math.ceil(wanted.length / settings.count),
      rates: ratesOf(line, settings.model),
      cacheMinimum: cacheMinimum(settings.model, line.config.cache).tokens,
      roomTokens: Math.floor(((settings.context ?? modelWindow(settings.model)) - settings.maxOutput) / 2),
    },
    signal,
  );
  const use = isLooking ? chosen.use : await keptChoice(packLine, chosen);
  if (use === 'full') return { whole: [{ path: 'references', text: chosen.fullText }], search: null };
  return { whole: [], search: { references, fullText: chosen.fullText, fits: chosen.fits } };
}

const choiceSchema = z.object({ use: z.enum(['full', 'retrieved']), of: z.string() });

/** Chosen once for a plan and its documents: with fewer items to come the sums change, and the prefix must not. */
async function keptChoice(
  { line, plan }: Omit<PackLine, 'references'>,
  { use, why, fullText }: ChosenReferences,
): Promise<'full' | 'retrieved'> {
  const { surroundings, config } = line;
  const folder = path.join(surroundings.root, '.regen', 'packs', planKey(plan), encodeId(plan.target));
  const file = path.join(folder, 'references.json');
  const of = hashOf([fullText, JSON.stringify(config.retrieval)].join('\n'));
  const kept = choiceSchema.safeParse(parsedObject((await readOptional(file)) ?? ''));
  if (kept.data?.of === of) return kept.data.use;
  surroundings.progress(`${plan.target}: references: ${why}`);
  await mkdir(folder, { recursive: true });
  await removeTemporaries(folder);
  await writeAtomically(file, `${JSON.stringify({ use, of, why })}\n`);
  return use;
}

/** US dollars per token; null: the model has no price. */
function ratesOf({ stations, surroundings }: Line, model: string) {
  const some = 1000;
  const per = (kind: keyof TokenCounts): number | null => {
    const usd = stations.ledger.price(model, { ...noTokens, [kind]: some }, surroundings.now());
    return usd === null ? null : usd / some;
  };
  const [input, cacheRead, cacheWrite] = [per('input'), per('cacheRead'), per('cacheWrite5m')];
  return input === null || cacheRead === null || cacheWrite === null
    ? null
    : { input, cacheRead, cacheWrite };
}

export type PackPassages =
  | { readonly kind: 'found'; readonly passages: readonly Enclosed[] }
  /** The pack can't be asked: its items are failed. */
  | { readonly kind: 'missed'; readonly reason: string };

/** What stands in the message of one pack; what it takes to find it is booked request by request. */
export async function passagesFor(
  { line, references, signal }: PackLine,
  pack: PackJournal,
  texts: readonly string[],
): Promise<PackPassages> {
  const { search } = references;
  if (search === null) return { kind: 'found', passages: [] };
  const { references: searched, fits: fullFits } = search;
  const { embedder: model } = searched;
  const found = await searched.find(
    texts,
    { fullFits, paid: async (request) => bookEmbedding(line, pack, { ...request, model }) },
    signal,
  );
  switch (found.send) {
    case 'retrieved':
      return { kind: 'found', passages: found.texts };
    case 'full':
      line.surroundings.progress(`pack ${pack.attempt.number}: references: ${found.why}`);
      return { kind: 'found', passages: [{ path: 'references', text: search.fullText }] };
    case 'nothing':
      return { kind: 'missed', reason: found.reason };
  }
}

interface Embedding extends EmbeddingRequest {
  readonly model: References['embedder'];
}

async function bookEmbedding(
  { stations, surroundings }: Line,
  { attempt }: PackJournal,
  { model, tokens, usd: costUsd, isEstimate }: Embedding,
): Promise<void> {
  if (tokens === 0 || model === null) return;
  await stations.ledger.book([
    {
      v: 2,
      kind: 'message',
      at: surroundings.now().toISOString(),
      ...{ plan: attempt.plan, target: attempt.target, item: null, stage: 'embed', round: 0 },
      ...{ attempt: attempt.uuid, session: attempt.sessionId, message: `embed_${surroundings.newId()}` },
      ...{ model, ...noTokens, input: tokens, costUsd },
      ...{ prefixHash: null, isSidechain: false, isEstimate, sharedBy: attempt.members },
    },
  ]);
}
