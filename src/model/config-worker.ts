/** The sections of regen.yaml about the worker: many small items in one call of a model. */
import * as z from 'zod';
import type { BlockSource } from './block.js';
import { duration, envNames, httpUrl, text, texts, timeSpan, usd } from './config-values.js';

const level = z.int().min(1).max(6, 'a heading’s level, 1 to 6');

const ways = z
  .strictObject({
    markdown: z
      .union([z.enum(['blocks', 'leaves']), z.strictObject({ sections: level })])
      .optional()
      .describe('Markdown: what stands at its top level, the smallest parts, or sections of a level.'),
    code: z
      .enum(['docs', 'functions', 'declarations'])
      .optional()
      .describe('Code: what is said of declarations, the outermost functions, or what a module declares.'),
    pattern: text.optional().describe('A regular expression; the block is its first group.'),
  })
  .superRefine(({ markdown, code, pattern }, context) => {
    const given = Object.entries({ markdown, code, pattern }).flatMap(([name, way]) =>
      way === undefined ? [] : [name],
    );
    if (given.length === 1) return;
    const message =
      given.length === 0
        ? 'needs one of markdown, code and pattern'
        : `has ${given.join(' and ')}; give one of them`;
    context.addIssue({ code: 'custom', message });
  })
  .transform(({ markdown, code, pattern = '' }): BlockSource => {
    if (code !== undefined) return { by: 'code', select: code };
    if (markdown === undefined) return { by: 'pattern', pattern };
    if (typeof markdown === 'string') return { by: 'markdown', depth: markdown };
    return { by: 'markdown', depth: 'sections', level: markdown.sections };
  });

/** What an item is cut out of its file by. */
export const blocks = z
  .union([z.literal('file').transform((): BlockSource => ({ by: 'file' })), ways])
  .describe(
    'What of a file is an item: file, {markdown: blocks | leaves | {sections: N}}, {code: docs | functions | declarations} or {pattern: …}.',
  );

/** RFC 9110, 5.6.2: what names of headers and words in their values are made of. */
const httpToken = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

const server = z
  .strictObject({
    command: texts.min(1).optional().describe('Started by regen and spoken to over stdio.'),
    url: httpUrl('headers').optional(),
    headers: z
      .record(z.string().regex(httpToken, 'the name of an HTTP header'), envNames.element)
      .default({})
      .describe('Headers that are sent to a url; each value is the environment variable that holds it.'),
    env: envNames.default([]).describe('Environment variables passed on to it.'),
    tools: texts.optional().describe('Which of its tools the model gets; left out: all of them.'),
    timeout: timeSpan.prefault('1m').describe('Of one call.'),
  })
  .superRefine(({ command, url, env, headers }, context) => {
    const message =
      command === undefined && url === undefined
        ? 'needs a command or a url'
        : command !== undefined && url !== undefined
          ? 'has command and url; give one of them'
          : url !== undefined && env.length > 0
            ? 'names env, which says nothing beside url; remove it'
            : command !== undefined && Object.keys(headers).length > 0
              ? 'names headers, which say nothing beside command; remove them'
              : null;
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const mcp = z.strictObject({
  regen: z
    .boolean()
    .default(false)
    .describe('Regen’s own tools: style rules, earlier results, blocks and their schemas.'),
  servers: z
    .record(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'letters, digits, _ and -'), server)
    .default({}),
  maxTurns: z.int().positive().default(8).describe('Calls of the model for one pack.'),
  timeout: timeSpan.prefault('10m').describe('Wall time of the whole loop.'),
  maxTokens: z.int().positive().default(200_000).describe('Tokens of the whole loop, prompts and answers.'),
});

export const worker = z.strictObject({
  model: text.default('haiku'),
  endpoint: httpUrl('ANTHROPIC_API_KEY in the environment').optional(),
  timeout: timeSpan.prefault('10m').describe('Wall time of one call.'),
  count: z.int().positive().default(20).describe('Items in one call at most; 10 to 40 is usual.'),
  maxOutput: z.int().min(256).default(16_000).describe('Tokens that one answer may have.'),
  context: z.int().positive().optional().describe('The model’s window in tokens, over the built-in table.'),
  system: z
    .int()
    .nonnegative()
    .default(400)
    .describe('Tokens that the provider adds to the prompt: the answer’s schema, the tools’ preamble.'),
  mode: z
    .enum(['realtime', 'batch', 'auto'])
    .default('realtime')
    .describe('batch costs half and takes up to 24 hours; auto goes by the deadline.'),
  deadline: duration
    .optional()
    .describe('By when a plan’s items have to be done, from its creation on; for mode: auto.'),
  poll: timeSpan.prefault('5m').describe('How long to wait before a batch is asked for again.'),
  prewarm: z
    .boolean()
    .default(true)
    .describe('Write the prefix to the cache before a batch, where that is cheaper than not to.'),
  maxUsd: usd.optional().describe('What one call may cost at most.'),
  mcp: mcp.optional().describe('Tools of MCP servers for the model.'),
});

export const provider = z.strictObject({
  betas: z
    .array(
      z.string().regex(httpToken, 'one word of the anthropic-beta header, such as context-1m-2025-08-07'),
    )
    .default([])
    .describe('Values of the anthropic-beta header; none is needed for what regen does.'),
});
