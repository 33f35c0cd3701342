/** What the calls that are to come will take, as far as it can be told before they are made. */
import type { BlockItem } from '../../model/block.js';
import type { LedgerRow } from '../../model/ledger.js';
import type { PackPrompt } from '../../model/prompt.js';
import { measuredTokens } from '../cache-history.js';
import type { Packable, TokenScale } from '../worker-station.js';
import { workerStage } from './ask.js';
import type { PackLine } from './context.js';
import { sizeOf } from './next-pack.js';
import { wholeOf } from './references.js';

/** One call of a model, its items' own tokens apart from all else. */
export interface PlannedCall {
  readonly model: string;
  readonly items: readonly Packable[];
  /** Tokens of its prefix: a call that misses the references has them all in it. */
  readonly prefix: number;
  /** Tokens of what is found of the references for it, at the most. */
  readonly found: number;
}

interface Call {
  readonly model: string;
  readonly items: readonly BlockItem[];
}

interface Planning {
  readonly scaleOf: (model: string) => TokenScale;
  readonly rows: readonly LedgerRow[];
  /** Of a call that doesn't miss the references. */
  readonly usual: PackPrompt;
}

/** Where only vectors could tell which calls miss the references, none is taken to. */
export async function plannedCalls(
  packLine: PackLine,
  calls: readonly Call[],
  { scaleOf, rows, usual }: Planning,
): Promise<readonly PlannedCall[]> {
  const { search, misses } = await missesOf(packLine, calls);
  const full = misses.includes(true) ? await fullPrompt(packLine) : usual;
  const most = search === null ? 0 : (packLine.line.config.retrieval?.tokens ?? 0);
  return calls.map(({ model, items }, at) => {
    const scale = scaleOf(model);
    const isMiss = misses[at] === true;
    const prompt = isMiss ? full : usual;
    return {
      model,
      items: items.map((one) => sizeOf(one, scale)),
      prefix:
        billedTokens(packLine, rows, prompt) ?? Math.ceil(prompt.prefix.length / scale.charactersPerToken),
      found: isMiss ? 0 : most,
    };
  });
}

/** Tokens of the prompt's prefix, as a call was billed that read all of it; null: none was. */
export function billedTokens(
  { line }: Pick<PackLine, 'line'>,
  rows: readonly LedgerRow[],
  { prefixHash }: Pick<PackPrompt, 'prefixHash'>,
): number | null {
  const isLoop = line.config.worker.mcp !== undefined;
  return measuredTokens(rows, { stage: workerStage, prefixHash, isPartAlike: true, isLoop });
}

async function missesOf({ line, references, signal }: PackLine, calls: readonly Call[]) {
  const { search } = references;
  const isFull = search?.fits === true && line.config.retrieval?.onMiss === 'full';
  const texts = calls.map(({ items }) => items.map(({ block }) => block.content));
  const misses = isFull ? await search.references.misses(texts, signal) : null;
  return { search, misses: misses ?? [] };
}

async function fullPrompt({ line, plan, references, rules, signal }: PackLine): Promise<PackPrompt> {
  const tree = line.stations.workspace.tree(rules);
  const whole = references.search === null ? references.whole : [wholeOf(references.search.fullText)];
  const facts = { target: plan.target, tree, blocks: [], references: whole, passages: [] };
  return line.stations.prompts.pack(facts, signal);
}
