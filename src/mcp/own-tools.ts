/** `worker.mcp.regen`: our own tools for the worker's model, without a server in between. */
import { createBlockBatch } from './block-batch.js';
import type { BlockShelf } from './block-batch.js';
import { blockDefinitions } from './block-definitions.js';
import { createBlockSchema } from './block-schema.js';
import { createLookup } from './previous-results.js';
import type { PastWork } from './previous-results.js';
import { createStyleRules } from './style-rules.js';
import type { Document } from './style-rules.js';
import type { Tool } from './tool.js';

/** What the tools look at: the target's blocks at the pinned base, the plan, and what was done before. */
export interface OwnToolPorts extends BlockShelf, Pick<PastWork, 'attempts' | 'log'> {
  /** The documents of `prompt.references`; null: the config names none, and there is nothing to search. */
  readonly references: ((signal: AbortSignal) => Promise<readonly Document[]>) | null;
}

export function ownTools(ports: OwnToolPorts): readonly Tool[] {
  const { isIsolated, references } = ports;
  const past: PastWork = {
    item: null,
    isIsolated,
    attempts: (item, signal) => ports.attempts(item, signal),
    log: (item) => ports.log(item),
  };
  return [
    createBlockBatch(ports),
    createBlockSchema(ports),
    { ...createLookup(past), definition: blockDefinitions.lookup_previous_results },
    ...(references === null ? [] : [createStyleRules(references)]),
  ];
}
