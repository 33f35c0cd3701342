/** Reference documents of a plan's packs: whole in the prefix of all, or what is found for each. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Enclosed } from '../../model/enclosure.js';
import { encodeId } from '../../model/ids.js';
import { parsedObject } from '../../model/parsed-object.js';
import { planKey } from '../../model/plan.js';
import type { PlanItem } from '../../model/plan.js';
import { noTokens } from '../../model/usage.js';
import { writeAtomically } from '../../system/atomic-write.js';
import { hashOf } from '../../system/content-hash.js';
import { readOptional } from '../../system/read-optional.js';
import { removeTemporaries } from '../../system/temporaries.js';
import type { EmbeddingRequest, References } from '../references-station.js';
import type { Line } from '../stage.js';
import type { PackLine } from './context.js';
import type { PackJournal } from './pack-journals.js';
import { referenceQuestion, referenceRoom } from './reference-question.js';

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
  const { fullText, fullTokens } = await references.corpus(signal);
  const file = choiceFile(packLine);
  const of = hashOf([fullText, JSON.stringify(line.config.retrieval)].join('\n'));
  const kept = choiceSchema.safeParse(parsedObject((await readOptional(file)) ?? '')).data;
  // Chosen once for a plan and its documents: with fewer items to come the sums change, and the prefix must not.
  const use = kept?.of === of ? kept.use : await choose(packLine, references, { file, of, isLooking });
  if (use === 'full') return { whole: [wholeOf(fullText)], search: null };
  const fits = fullTokens <= referenceRoom(line.config, line.config.worker.model);
  return { whole: [], search: { references, fullText, fits } };
}

/** The same bytes for all packs of a plan that is sent all of them, and for those that miss. */
export function wholeOf(text: string): Enclosed {
  return { path: 'references', text };
}

const choiceSchema = z.object({ use: z.enum(['full', 'retrieved']), of: z.string() });

function choiceFile({ line, plan }: Pick<PackLine, 'line' | 'plan'>): string {
  const folder = path.join(line.surroundings.root, '.regen', 'packs', planKey(plan), encodeId(plan.target));
  return path.join(folder, 'references.json');
}

interface Keeping {
  readonly file: string;
  /** What the choice is good for. */
  readonly of: string;
  readonly isLooking: boolean;
}

async function choose(
  packLine: Omit<PackLine, 'references'>,
  references: References,
  { file, of, isLooking }: Keeping,
): Promise<'full' | 'retrieved'> {
  const { line, plan, rules, signal } = packLine;
  const { stations, surroundings, config } = line;
  const tree = stations.workspace.tree(rules);
  const facts = { target: plan.target, tree, blocks: [], references: [], passages: [] };
  const prompt = await stations.prompts.pack(facts, signal);
  const wanted = plan.items.filter(({ state }) => state !== 'skipped');
  const asked = { model: config.worker.model, texts: textsOf(packLine, wanted), prompt };
  const { use, why } = await references.choose(referenceQuestion(line, asked), signal);
  if (isLooking) return use;
  surroundings.progress(`${plan.target}: references: ${why}`);
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await removeTemporaries(folder);
  await writeAtomically(file, `${JSON.stringify({ use, of, why })}\n`);
  return use;
}

/** As they are searched for. */
function textsOf({ items }: Pick<PackLine, 'items'>, some: readonly PlanItem[]): readonly string[] {
  return some.flatMap(({ id }) => items.get(id)?.block.content ?? []);
}

export type PackPassages =
  | {
      readonly kind: 'found';
      /** In the prefix: all of them, where every pack has them or too little is found for this one. */
      readonly whole: readonly Enclosed[];
      /** In the message. */
      readonly passages: readonly Enclosed[];
    }
  /** The pack can't be asked: its items are failed. */
  | { readonly kind: 'missed'; readonly reason: string };

/** What one pack gets; what it takes to find it is booked request by request. */
export async function passagesFor(
  { line, references, signal }: PackLine,
  pack: PackJournal,
  texts: readonly string[],
): Promise<PackPassages> {
  const { search, whole } = references;
  const usual = { kind: 'found', whole, passages: [] } as const;
  if (search === null) return usual;
  const { references: searched, fits: fullFits } = search;
  const { embedder: model } = searched;
  const found = await searched.find(
    texts,
    { fullFits, paid: async (request) => bookEmbedding(line, pack, { ...request, model }) },
    signal,
  );
  switch (found.send) {
    case 'retrieved':
      return { ...usual, passages: found.texts };
    case 'full':
      line.surroundings.progress(`pack ${pack.attempt.number}: references: ${found.why}`);
      // In the message each that misses would pay for it in full.
      return { ...usual, whole: [wholeOf(search.fullText)] };
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
