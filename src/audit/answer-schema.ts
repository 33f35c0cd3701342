type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of the answer: its shape and no more. Claude Code refuses what doesn't fit and lets the model try again and
 * again; which clusters and items there are is for `judgeAnswer`, which allows one correction.
 */
export const answerJsonSchema: JsonSchema = strict({
  clusters: {
    type: 'array',
    description: 'Every cluster, once.',
    items: strict({
      id: { type: 'string', description: 'As the message names it: C1, C2, …' },
      isCopy: { type: 'boolean', description: 'Whether items of it copy each other.' },
      items: { type: 'array', items: { type: 'string' }, description: 'Those that do; [] when none.' },
      request: {
        type: 'string',
        description: 'One sentence to the author of the later one; "" when no copy.',
      },
    }),
  },
});

function strict(properties: JsonSchema): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
