/** Characters per token, as runs of the same agent came to. Pure. */
import { boilerplateOf } from '../../model/boilerplate.js';
import type { AgentConfig } from '../../model/config.js';
import { usualCharactersPerToken } from '../../model/context-fit.js';
import type { TokenScale } from '../../model/prompt-scale.js';

/** A run's first request. */
export interface ScaleSample {
  /** Of prefix and message, as they were kept. */
  readonly characters: number;
  /** Of the whole request, as it was billed. */
  readonly tokens: number;
}

export const usualScale: TokenScale = {
  charactersPerToken: usualCharactersPerToken,
  source: 'usual',
  requests: 0,
};

/** What no tokenizer does to prose or code: such a sample was sent with something that we don't know of. */
const plausible = { least: 1.5, most: 6 } as const;

export function scaleOf(
  samples: readonly ScaleSample[],
  agent: Pick<AgentConfig, 'model' | 'profile' | 'tools'>,
): TokenScale {
  const { prefix, message } = boilerplateOf(agent);
  const known = samples
    .map(({ characters, tokens }) => ({ characters: characters + prefix + message, tokens }))
    .filter(({ characters, tokens }) => {
      const ratio = characters / tokens;
      return ratio >= plausible.least && ratio <= plausible.most;
    });
  if (known.length === 0) return usualScale;
  const sum = (of: (sample: ScaleSample) => number): number => known.reduce((all, one) => all + of(one), 0);
  const ratio = sum(({ characters }) => characters) / sum(({ tokens }) => tokens);
  return { charactersPerToken: Math.round(ratio * 100) / 100, source: 'ledger', requests: known.length };
}
