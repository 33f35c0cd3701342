/** Whether a prompt can be worked on inside of a model's window (`agent.context`). Estimates; pure. */
import { boilerplateOf } from './boilerplate.js';
import type { AgentConfig } from './config.js';
import type { Segment } from './prompt.js';

/** Characters per token of code and prose, within 5 % of tokenizers, where nothing better is known. */
export const usualCharactersPerToken = 3.5;

export interface ContextFit {
  /** `agent.context`, in tokens. */
  readonly window: number;
  /** Kept free for the answer. */
  readonly reserve: number;
  /** Tools, system prompt, message, and the reserve. */
  readonly needed: number;
  readonly fits: boolean;
  /** What takes the most of our own texts; null: there is none. */
  readonly biggest: {
    readonly layer: Segment['layer'];
    readonly source: string;
    readonly tokens: number;
  } | null;
}

/** Room for one answer: 8,192 tokens, of small windows a quarter. */
export function outputReserve(window: number): number {
  return Math.min(8192, Math.floor(window / 4));
}

type WindowedAgent = Pick<AgentConfig, 'context' | 'model' | 'profile'> & {
  readonly tools: readonly string[];
};

/** null: nobody said how large the window is. */
export function contextFit(
  agent: WindowedAgent,
  segments: readonly Segment[],
  charactersPerToken = usualCharactersPerToken,
): ContextFit | null {
  const { context: window } = agent;
  if (window === undefined) return null;
  const tokensOf = (characters: number): number => Math.ceil(characters / charactersPerToken);
  const { prefix, message } = boilerplateOf(agent);
  const own = segments.reduce((sum, { text }) => sum + text.length, 0);
  const reserve = outputReserve(window);
  const needed = tokensOf(prefix + message + own) + reserve;
  const biggest = segments.reduce<Segment | null>(
    (most, segment) => (most === null || segment.text.length > most.text.length ? segment : most),
    null,
  );
  return {
    ...{ window, reserve, needed, fits: needed <= window },
    biggest:
      biggest === null
        ? null
        : { layer: biggest.layer, source: biggest.source, tokens: tokensOf(biggest.text.length) },
  };
}

/** Why an item can't be begun: the first half of a sentence for the log. */
export function contextText({ window, reserve, needed, biggest }: ContextFit): string {
  const most =
    biggest === null
      ? ''
      : `; the biggest part is ${biggest.source} (${biggest.layer}, about ${biggest.tokens})`;
  return `the prompt needs about ${needed} tokens with ${reserve} for the answer, and the window has ${window} (agent.context)${most}`;
}
