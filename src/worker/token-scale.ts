/** How many tokens a text takes: by its characters, calibrated by what the API has counted. Pure. */

export interface TokenScale {
  readonly charactersPerToken: number;
  /** Tokens of the answer for each token of the items it is about. */
  readonly outputPerInput: number;
}

/** One answered call. */
export interface CallSample {
  /** Characters and tokens of the prompt that weren't there in every call alike. */
  readonly characters: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Within 5 % of tokenizers on code and prose (facts of the components); a rewrite is about as long as what it rewrites. */
export const usualScale: TokenScale = { charactersPerToken: 3.5, outputPerInput: 1.2 };

/** As many calls as an assumption counts for: two answers weigh more than it does. */
const assumedCalls = 1;

/** Drawn from the answers so far; without any, the usual one. Long calls weigh more than short ones. */
export function calibrate(samples: readonly CallSample[]): TokenScale {
  const sound = samples.filter(({ characters, inputTokens }) => characters > 0 && inputTokens > 0);
  if (sound.length === 0) return usualScale;
  const sum = (of: (sample: CallSample) => number): number =>
    sound.reduce((total, sample) => total + of(sample), 0);
  const characters = sum((sample) => sample.characters);
  const input = sum((sample) => sample.inputTokens);
  const output = sum((sample) => sample.outputTokens);
  const weight = assumedCalls / (assumedCalls + sound.length);
  const blend = (assumed: number, measured: number): number => weight * assumed + (1 - weight) * measured;
  return {
    charactersPerToken: blend(usualScale.charactersPerToken, characters / input),
    outputPerInput: blend(usualScale.outputPerInput, output / input),
  };
}

/** Rounded up: a token too many costs nothing, one too few a call. */
export function tokensOf(characters: number, { charactersPerToken }: TokenScale): number {
  return Math.ceil(characters / charactersPerToken);
}
