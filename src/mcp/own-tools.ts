/** `worker.mcp.regen`: our own tools for the worker's model, without a server in between. */
import * as z from 'zod';
import { createBlockBatch } from './block-batch.js';
import type { BlockShelf } from './block-batch.js';
import { blockDefinitions } from './block-definitions.js';
import { createBlockSchema } from './block-schema.js';
import { createLookup } from './previous-results.js';
import type { PastWork } from './previous-results.js';
import { createStyleRules } from './style-rules.js';
import type { Document } from './style-rules.js';
import type { Tool } from './tool.js';

/** What the tools look at: the plan's blocks at the pinned base, and what was done before. */
export interface OwnToolPorts extends BlockShelf, Pick<PastWork, 'attempts' | 'log'> {
  /** The plan's ids of the blocks that the message numbers from 1 on: what the model was asked about. */
  asked(): Promise<readonly string[]>;
  /** The documents of `prompt.references`; null: the config names none, and there is nothing to search. */
  readonly references: ((signal: AbortSignal) => Promise<readonly Document[]>) | null;
}

export function ownTools(ports: OwnToolPorts): readonly Tool[] {
  const { references } = ports;
  return [
    createBlockBatch(ports),
    createBlockSchema(ports),
    lookupByNumber(ports),
    ...(references === null ? [] : [createStyleRules(references)]),
  ];
}

const inputSchema = z.object({ item: z.string() });

/** The message calls its blocks by numbers, which say nothing to the plan. */
function lookupByNumber(ports: OwnToolPorts): Tool {
  const lookup = createLookup({
    item: null,
    isIsolated: ports.isIsolated,
    attempts: (item, signal) => ports.attempts(item, signal),
    log: (item) => ports.log(item),
  });
  return {
    definition: blockDefinitions.lookup_previous_results,
    async call(input, signal) {
      const item = inputSchema.safeParse(input).data?.item;
      const id = (await ports.asked()).find((_, index) => String(index + 1) === item);
      if (id === undefined) return lookup.call(input, signal);
      const { text, ...answer } = await lookup.call({ item: id }, signal);
      return { ...answer, text: `Block ${item} is ${id}.\n${text}` };
    },
  };
}
