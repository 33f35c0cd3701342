/** Reference documents of a packing bench: what a plan of the set's items would send of them. */
import type { Enclosed } from '../../model/enclosure.js';
import { addUsage, noTokens, noUsage } from '../../model/usage.js';
import type { Usage } from '../../model/usage.js';
import type { ChosenReferences, EmbeddingRequest, References } from '../references-station.js';
import type { BenchLine } from './bench-calls.js';
import { benchStage } from './bench-place.js';
import { referenceQuestion, referenceRoom } from './reference-question.js';

/** What one call gets, and what it took to find it. */
export interface BenchReferences {
  /** In the prefix. */
  readonly whole: readonly Enclosed[];
  /** In the message. */
  readonly passages: readonly Enclosed[];
  /** Why the items can't be asked about; null: they can. */
  readonly missed: string | null;
  readonly usage: Usage;
}

export type FindBenchReferences = (model: string, texts: readonly string[]) => Promise<BenchReferences>;

const nothing: BenchReferences = { whole: [], passages: [], missed: null, usage: noUsage };

/**
 * Whole or searched is decided once for a model, with `worker.count` items in a call: every size is asked with the same.
 *
 * @param texts - of all items.
 */
export function benchReferences(line: BenchLine, texts: readonly string[]): FindBenchReferences {
  const { references } = line;
  if (references === null) return () => Promise.resolve(nothing);
  const choices = new Map<string, Chosen>();
  const chosenFor = async (model: string): Promise<Chosen> => {
    const known = choices.get(model);
    if (known !== undefined) return known;
    const chosen = await choose(line, references, { model, texts });
    choices.set(model, chosen);
    // What is made once for all documents isn't one size's to pay for.
    const [first] = texts;
    if (chosen.use === 'retrieved' && first !== undefined)
      await found(line, references, { ...chosen, texts: [first] });
    return chosen;
  };
  return async (model, own) => {
    const chosen = await chosenFor(model);
    if (chosen.use === 'full') return { ...nothing, whole: [{ path: 'references', text: chosen.fullText }] };
    return found(line, references, { ...chosen, texts: own });
  };
}

interface Asked {
  readonly model: string;
  readonly texts: readonly string[];
}

interface Chosen extends Pick<ChosenReferences, 'use'> {
  readonly fullText: string;
  readonly fits: boolean;
}

async function choose(line: BenchLine, references: References, asked: Asked): Promise<Chosen> {
  const { config, journal, signal, stations, surroundings, tree } = line;
  const { target } = journal.attempt;
  const facts = { target, tree, blocks: [], references: [], passages: [] };
  const prompt = await stations.prompts.pack(facts, signal);
  const { use, why } = await references.choose(referenceQuestion(line, { ...asked, prompt }), signal);
  surroundings.progress(`${asked.model}: references: ${why}`);
  const { fullText, fullTokens } = await references.corpus(signal);
  return { use, fullText, fits: fullTokens <= referenceRoom(config, asked.model) };
}

async function found(
  line: BenchLine,
  references: References,
  { texts, fits, fullText }: Pick<Chosen, 'fits' | 'fullText'> & Pick<Asked, 'texts'>,
): Promise<BenchReferences> {
  const { embedder } = references;
  let usage = noUsage;
  const paid = async (request: EmbeddingRequest): Promise<void> => {
    if (embedder !== null && request.tokens > 0)
      usage = addUsage(usage, await bookEmbedding(line, embedder, request));
  };
  const result = await references.find(texts, { fullFits: fits, paid }, line.signal);
  switch (result.send) {
    case 'retrieved':
      return { ...nothing, passages: result.texts, usage };
    case 'full':
      return { ...nothing, whole: [{ path: 'references', text: fullText }], usage };
    case 'nothing':
      return { ...nothing, missed: result.reason, usage };
  }
}

async function bookEmbedding(
  { journal, stations, surroundings }: BenchLine,
  model: string,
  { tokens: input, usd: costUsd, isEstimate }: EmbeddingRequest,
): Promise<Usage> {
  const { plan, target, uuid, sessionId } = journal.attempt;
  await stations.ledger.book([
    {
      ...{ v: 2, kind: 'message', at: surroundings.now().toISOString(), plan, target, item: null },
      ...{ stage: benchStage, round: 0, attempt: uuid, session: sessionId },
      ...{
        message: `embed_${surroundings.newId()}`,
        model,
        ...noTokens,
        input,
        costUsd,
      },
      ...{ prefixHash: null, isSidechain: false, isEstimate },
    },
  ]);
  return { ...noUsage, input, costUsd };
}
