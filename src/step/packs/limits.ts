/** How much goes into one call of each model. */
import { modelWindow } from '../../model/model-name.js';
import { noTokens } from '../../model/usage.js';
import type { PackLimits } from '../worker-station.js';
import type { PackLine } from './context.js';

/** The prefix is counted once for each model that is asked about. */
export async function packLimitsFor(packLine: PackLine): Promise<(model: string) => PackLimits> {
  const { line, worker, plan, base, signal } = packLine;
  const { worker: settings } = line.config;
  const tree = line.stations.workspace.tree(base);
  const facts = {
    target: plan.target,
    tree,
    blocks: [],
    references: packLine.references.whole,
    passages: [],
  };
  const { parts, prefix } = await line.stations.prompts.pack(facts, signal);
  const counted = await worker.countPrefix({ model: settings.model, parts }, signal);
  // What is found for a call stands in its message, beside the blocks.
  const found = packLine.references.search === null ? 0 : (line.config.retrieval?.tokens ?? 0);
  const own = (counted ?? Math.ceil(prefix.length / 3.5)) + (counted === null ? settings.system : 0);
  const system = own + found;
  const tools = settings.mcp === undefined ? 0 : toolTokens;
  return (model) => {
    const window = Math.min(
      settings.context ?? modelWindow(model),
      cheapPrompt(line, model) + settings.maxOutput,
    );
    return worker.limits({ window, system, tools, maxOutput: settings.maxOutput }, settings.count);
  };
}

/** Kept free for the schemas of tools and for what they answer, where there are any. */
const toolTokens = 20_000;

/** Where the price list has such a step, a longer prompt makes the whole request dearer. In tokens. */
const priceStep = 100_000;

/** The longest prompt at the model's lower price; Infinity: it has but one. */
function cheapPrompt({ stations, surroundings }: PackLine['line'], model: string): number {
  const price = (input: number): number | null =>
    stations.ledger.price(model, { ...noTokens, input }, surroundings.now());
  const [short, long] = [price(priceStep), price(priceStep + 1)];
  return short !== null && long !== null && long > 1.5 * short ? priceStep : Infinity;
}
