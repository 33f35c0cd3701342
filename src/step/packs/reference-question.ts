/** What the choice between all reference documents and what is found in them goes by. */
import { cacheMinimum } from '../../model/cache-minimum.js';
import { usualCharactersPerToken } from '../../model/context-fit.js';
import { modelWindow } from '../../model/model-name.js';
import type { PackPrompt } from '../../model/prompt.js';
import { noTokens } from '../../model/usage.js';
import type { TokenCounts } from '../../model/usage.js';
import type { ReferenceQuestion } from '../references-station.js';
import type { Line } from '../stage.js';

type Place = Pick<Line, 'config' | 'surroundings'> & {
  readonly stations: Pick<Line['stations'], 'ledger'>;
};

interface Asked {
  readonly model: string;
  /** Of all items. */
  readonly texts: readonly string[];
  /** Without any references. */
  readonly prompt: Pick<PackPrompt, 'parts' | 'prefix'>;
}

export function referenceQuestion(place: Place, { model, texts, prompt }: Asked): ReferenceQuestion {
  const { config } = place;
  return {
    calls: evenly(texts, config.worker.count),
    prefixTokens: tokensOf(prompt.prefix),
    sharedTokens: tokensOf(prompt.parts[0] ?? ''),
    rates: ratesOf(place, model),
    cacheMinimum: cacheMinimum(model, config.cache).tokens,
    roomTokens: referenceRoom(config, model),
  };
}

/** Tokens that all documents may have in a call. */
export function referenceRoom({ worker }: Pick<Line['config'], 'worker'>, model: string): number {
  return Math.floor(((worker.context ?? modelWindow(model)) - worker.maxOutput) / 2);
}

/** As few calls as the count allows, and as even: as items are packed where nothing but their count binds. */
function evenly(texts: readonly string[], count: number): readonly (readonly string[])[] {
  const size = Math.ceil(texts.length / Math.max(1, Math.ceil(texts.length / count)));
  return Array.from({ length: Math.ceil(texts.length / Math.max(1, size)) }, (_, at) =>
    texts.slice(at * size, (at + 1) * size),
  );
}

function tokensOf({ length }: string): number {
  return Math.ceil(length / usualCharactersPerToken);
}

/** US dollars per token; null: the model has no price. */
function ratesOf({ stations, surroundings }: Place, model: string): ReferenceQuestion['rates'] {
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
