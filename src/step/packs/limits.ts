/** How much goes into one call of each model. */
import { RegenError } from '../../model/errors.js';
import { formatCount } from '../../model/format.js';
import { modelWindow } from '../../model/model-name.js';
import { noTokens } from '../../model/usage.js';
import type { PackLimits } from '../worker-station.js';
import type { PackLine } from './context.js';

export interface PackRoom {
  /** Of one call of the model. */
  readonly limits: (model: string) => PackLimits;
  /** What every request of a batch takes besides its blocks, in bytes of JSON. */
  readonly requestBytes: number;
}

/** The prefix is counted once for each of the models: they don't all cut a text alike. */
export async function packRoomFor(packLine: PackLine, models: readonly string[]): Promise<PackRoom> {
  const { line, worker, plan, rules, signal } = packLine;
  const { worker: settings } = line.config;
  const tree = line.stations.workspace.tree(rules);
  const references = packLine.references.whole;
  const facts = { target: plan.target, tree, blocks: [], references, passages: [] };
  const { parts, prefix } = await line.stations.prompts.pack(facts, signal);
  // What is found for a call stands in its message, beside the blocks.
  const found = packLine.references.search === null ? 0 : (line.config.retrieval?.tokens ?? 0);
  const estimated = Math.ceil(prefix.length / 3.5) + settings.system;
  const counted = new Map<string, number | null>();
  for (const model of models) counted.set(model, await worker.countPrefix({ model, parts }, signal));
  const tools = await worker.toolTokens(signal);
  const limits = (model: string): PackLimits => {
    const system = (counted.get(model) ?? estimated) + found;
    const cheap = cheapPrompt(line, model);
    const isWorthwhile = cheap - system - tools >= cheap * cheapShare;
    const whole = settings.context ?? modelWindow(model);
    const window = isWorthwhile ? Math.min(whole, cheap + settings.maxOutput) : whole;
    const isCounted = (counted.get(model) ?? null) !== null;
    return limitsWithin(packLine, { model, window, system, tools, isCounted });
  };
  return { limits, requestBytes: jsonBytes(prefix) + referenceBytes(packLine, found) + envelopeBytes };
}

/** What is found, or all documents where that is too little: any of a batch's requests may have them. */
function referenceBytes({ references: { search } }: PackLine, found: number): number {
  const passages = found * mostBytesOfToken;
  return search?.fits === true ? Math.max(passages, jsonBytes(search.fullText)) : passages;
}

interface Taken {
  readonly model: string;
  /** All in tokens. */
  readonly window: number;
  readonly system: number;
  readonly tools: number;
  /** Whether the API has counted the prefix; else it is an estimate, and rather too high. */
  readonly isCounted: boolean;
}

/** @throws RegenError `config` when tools leave no room for what they are to help with. */
function limitsWithin(
  { line, worker }: PackLine,
  { model, window, system, tools, isCounted }: Taken,
): PackLimits {
  const { count, maxOutput, mcp } = line.config.worker;
  if (mcp === undefined) {
    const limits = worker.limits({ window, system, tools, maxOutput }, count);
    // An estimate keeps nobody from trying: the API then says that it is too much.
    if (limits.input > 0 || (!isCounted && system / estimateSlack < window - maxOutput)) return limits;
    throw new RegenError(
      'config',
      `the prefix takes ${formatCount(system)} tokens of every call of ${model}: beside worker.maxOutput: ${maxOutput} a window of ${formatCount(window)} has no room for a block`,
      {
        hint: 'Shorten what prompt.static and prompt.references name, or change worker.context or worker.maxOutput.',
      },
    );
  }
  const answers = Math.min(mostAnswers, Math.floor(window * answersShare));
  const inWindow = worker.limits({ window, system, tools: tools + answers, maxOutput }, count);
  const inLoop = worker.limits({ window: mcp.maxTokens, system, tools, maxOutput: 0 }, count);
  const limits = { ...inWindow, input: Math.min(inWindow.input, inLoop.input) };
  if (limits.input > 0 && tools <= window / 2) return limits;
  throw new RegenError(
    'config',
    `the tools of worker.mcp take ${formatCount(tools)} tokens of every call of ${model}, and the rest of the prefix ${formatCount(system)}: ` +
      `too much for a window of ${formatCount(window)} and worker.mcp.maxTokens: ${mcp.maxTokens}`,
    {
      hint: 'Name the tools that are needed in worker.mcp.servers.<name>.tools, or raise worker.mcp.maxTokens.',
    },
  );
}

/** An estimate may be so much too high. */
const estimateSlack = 1.6;

/** Tokens kept free for what tools answer, and the share of the window that they are at most. */
const mostAnswers = 20_000;
const answersShare = 0.1;

/** In a request's body. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** A token of a passage, escaped. */
const mostBytesOfToken = 8;

/** The answer's schema, names of fields, the model's name. */
const envelopeBytes = 4000;

/** What blocks have to have left of the longest prompt at the lower price: else each call reads the prefix for a few. */
const cheapShare = 0.25;

/** Where the price list has such a step, a longer prompt makes the whole request dearer. In tokens. */
const priceStep = 100_000;

/** The longest prompt at the model's lower price; Infinity: it has but one. */
function cheapPrompt({ stations, surroundings }: PackLine['line'], model: string): number {
  const price = (input: number): number | null =>
    stations.ledger.price(model, { ...noTokens, input }, surroundings.now());
  const [short, long] = [price(priceStep), price(priceStep + 1)];
  return short !== null && long !== null && long > 1.5 * short ? priceStep : Infinity;
}
