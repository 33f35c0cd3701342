/**
 * The schemas of the tools that only the worker's model is given: they are about blocks, of which an agent knows nothing. As
 * short as definitions.ts, and as constant.
 */
import type { ToolDefinition } from './tool.js';

export const blockDefinitions = {
  get_block_batch: {
    name: 'get_block_batch',
    description:
      'Other blocks of this target that are still to be done, for comparison only: answer none of them. A page of them, and what to give as after for the next one.',
    inputSchema: {
      type: 'object',
      properties: {
        file: { type: 'string' },
        kind: { type: 'string' },
        after: { type: 'string' },
        count: { type: 'integer' },
      },
    },
  },
  get_schema_for_block_type: {
    name: 'get_schema_for_block_type',
    description:
      'The JSON Schema of an answer’s entry for a kind of block, and the form that its result keeps.',
    inputSchema: { type: 'object', properties: { kind: { type: 'string' } }, required: ['kind'] },
  },
  lookup_previous_results: {
    name: 'lookup_previous_results',
    description:
      'What earlier answers for a block came to. item: the block’s id in the message, or an id of get_block_batch.',
    inputSchema: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
  },
} satisfies Readonly<Record<string, ToolDefinition>>;
