/** Whether an item can be worked on inside of the model's window: known before a token is spent. */
import { contextFit, contextText } from '../../model/context-fit.js';
import { prepared } from './prepare.js';
import { promptFacts } from './prompt-facts.js';
import type { StageContext } from '../stage.js';

/** Why not; null: it fits, or nobody said how large the window is (`agent.context`). */
export async function promptOverWindow(context: StageContext): Promise<string | null> {
  const { config, signal, stations } = context;
  if (config.agent.context === undefined) return null;
  const facts = await promptFacts(context, prepared(context).worktree);
  const { segments } = await stations.prompts.build(facts, signal);
  const fit = contextFit(config.agent, segments);
  return fit === null || fit.fits ? null : contextText(fit);
}
