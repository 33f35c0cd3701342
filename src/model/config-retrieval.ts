/** The section of regen.yaml about reference documents that are searched instead of sent whole. */
import * as z from 'zod';
import { httpUrl, text, texts } from './config-values.js';

const share = z.number().min(0).max(1);

const embeddings = z.strictObject({
  url: httpUrl('keyEnv').describe(
    'An endpoint of the form of OpenAI’s, with its path: http://localhost:8080/v1/embeddings.',
  ),
  model: text.describe('The model, as the endpoint calls it.'),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
    .optional()
    .describe('The environment variable that holds the key; left out: none is sent.'),
  dimensions: z
    .int()
    .positive()
    .optional()
    .describe('Numbers of a vector, for models that can be asked for fewer.'),
  weight: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('How much vectors count beside words; 1: words count nothing.'),
  usdPerMillionTokens: z
    .number()
    .nonnegative()
    .optional()
    .describe('What embedding costs; 0 for a model of your own. Left out: the price is unknown.'),
});

export const retrieval = z.strictObject({
  documents: texts.min(1).describe('Documents of the base, as globs; an item’s file is never one of them.'),
  topK: z.int().positive().default(5).describe('Chunks of documents for one item at most.'),
  tokens: z
    .int()
    .min(600, 'at least 600: the longest chunk has to fit')
    .default(2000)
    .describe('Tokens of all chunks in one call at most.'),
  per: z
    .enum(['pack', 'item'])
    .default('pack')
    .describe('Whether the items of a call share their chunks, or each has its own beside it.'),
  onMiss: z
    .enum(['full', 'fail'])
    .default('full')
    .describe('When the documents seem to say nothing about an item: send all of them, or fail it.'),
  use: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .describe('auto: only when it costs less than all documents in the cached prefix.'),
  leastCoverage: share
    .default(0.3)
    .describe('A chunk that shares less than this with an item, 0 to 1, says nothing about it.'),
  embeddings: embeddings
    .optional()
    .describe('Search by vectors as well; left out: by words alone, and nothing is asked.'),
});

export type RetrievalConfig = z.output<typeof retrieval>;
