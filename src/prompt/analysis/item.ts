/** `regen prompt [item]`: what would be sent, what of it is cached, and what more could be. Pure. */
import { boilerplateOf } from '../../model/boilerplate.js';
import type { CacheMinimum } from '../../model/cache-minimum.js';
import type { Ttl } from '../../model/cache-mode.js';
import type { AgentConfig } from '../../model/config.js';
import { contextFit } from '../../model/context-fit.js';
import type { ItemPromptReport } from '../../model/prompt-report.js';
import type { ExpectedRequests, TokenScale } from '../../model/prompt-scale.js';
import type { WireReport } from '../../model/prompt-wire-report.js';
import type { Layer, Prompt } from '../../model/prompt.js';
import { findBreaks } from './breaks.js';
import type { Caching, Load, Money } from './money.js';
import { promptCost } from './money.js';
import { findMoves } from './moves.js';

/** A prompt and whose it is. */
export interface OwnedPrompt {
  readonly target: string;
  readonly item: string;
  readonly prompt: Prompt;
}

export interface ItemQuestion extends OwnedPrompt {
  readonly base: string;
  readonly agent: AgentConfig;
  readonly ttl: Ttl;
  readonly minimum: CacheMinimum;
  readonly money: Money;
  readonly scale: TokenScale;
  readonly requests: ExpectedRequests;
  /** Items that are still to be done, this one included. */
  readonly itemsLeft: number;
  /** The prompts of the target's other items. */
  readonly others: readonly OwnedPrompt[];
  /** Of one item of each other target that was looked at. */
  readonly elsewhere: readonly OwnedPrompt[];
  readonly wire: WireReport | null;
}

const prefixLayers: readonly Layer[] = ['static', 'target'];

export function analysePrompt(question: ItemQuestion): ItemPromptReport {
  const { agent, prompt, scale, others, requests } = question;
  const { segments, prefix, message, prefixHash } = prompt;
  const tokensOf = (characters: number): number => Math.ceil(characters / scale.charactersPerToken);
  const added = addedCharacters(question);
  const boilerplate = { prefixTokens: tokensOf(added.prefix), messageTokens: tokensOf(added.message) };
  const load: Load = {
    prefix: boilerplate.prefixTokens + tokensOf(prefix.length),
    message: boilerplate.messageTokens + tokensOf(message.length),
    requests: requests.count,
    items: question.itemsLeft,
  };
  const caching: Caching = { ttl: question.ttl, minimum: question.minimum };
  const own = segments.reduce((sum, { text }) => sum + text.length, 0);
  const same = others.filter((other) => other.prompt.prefixHash === prefixHash).length;
  return {
    ...{ kind: 'item', target: question.target, item: question.item, base: question.base },
    ...{ model: agent.model, profile: agent.profile, scale },
    segments: segments.map(({ layer, source, text }) => ({
      ...{ layer, source, characters: text.length, tokens: tokensOf(text.length) },
      share: own === 0 ? 0 : text.length / own,
    })),
    boilerplate,
    prefix: {
      ...{ characters: prefix.length, tokens: tokensOf(prefix.length), hash: prefixHash },
      endsWith: segments.findLast(({ layer }) => prefixLayers.includes(layer))?.source ?? null,
      ...{ sharedBy: same + 1, comparedWith: others.length + 1 },
    },
    message: { characters: message.length, tokens: tokensOf(message.length) },
    requests,
    cost: promptCost(load, caching, question.money),
    moves: findMoves(question, { load, caching, tokensOf }),
    breaks: findBreaks(question),
    context: contextFit(agent, segments, scale.charactersPerToken),
    wire: question.wire,
  };
}

/** As measured on the wire, else as the table has it. */
function addedCharacters({ agent, wire }: ItemQuestion): { prefix: number; message: number } {
  if (wire === null) return boilerplateOf(agent);
  const bytes = (blocks: readonly { bytes: number; ours: number }[]): number =>
    blocks.reduce((sum, { bytes: all, ours }) => sum + all - ours, 0);
  const tools = wire.tools.reduce((sum, tool) => sum + tool.bytes, 0);
  return { prefix: tools + bytes(wire.system), message: bytes(wire.messages) };
}
