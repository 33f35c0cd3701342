/** The shape of regen.yaml. Loaded only by what reads a config: types come from config.ts. */
import validRange from 'semver/ranges/valid.js';
import * as z from 'zod';
import { agentTools } from './agent-tools.js';
import { budget, cache, prices } from './config-money.js';
import { items, targets } from './config-pieces.js';
import { duration, envNames, httpUrl, text, texts, timeSpan, usd } from './config-values.js';
import { retrieval } from './config-retrieval.js';
import { routing } from './config-routing.js';
import { provider, worker } from './config-worker.js';

const prompt = z.strictObject({
  static: texts.default([]).describe('Files equal for every item of every target.'),
  target: texts.default([]).describe('Files equal for every item of a target.'),
  item: texts.default([]).describe('Files of the item.'),
  task: text.describe('What to do: a file, or the text itself.'),
  references: texts
    .default([])
    .describe('Documents of the base that search_style_rules looks in, as globs; none of them is sent.'),
});

const agent = z.strictObject({
  command: texts.min(1).default(['claude']),
  model: text.default('sonnet'),
  tools: texts.default(['Read', 'Edit', 'Write', 'Bash']),
  allow: texts.default([]).describe('Permission rules, such as Bash(uv run *).'),
  timeout: timeSpan.prefault('30m').describe('Wall time of one run.'),
  idle: timeSpan.prefault('10m').describe('Time without output after which a run is ended.'),
  maxTurns: z.int().positive().default(120),
  endpoint: httpUrl('ANTHROPIC_API_KEY in the environment').optional(),
  context: z.int().positive().optional().describe('The model’s window in tokens.'),
  profile: z.enum(['lean', 'standard', 'custom']).default('lean'),
  mcp: z
    .array(z.enum(agentTools))
    .default([])
    .describe('Tools of regen’s own that the agent gets: run_checks saves the most.'),
  toolOutput: z
    .int()
    .min(1000)
    .optional()
    .describe('Characters of one tool’s output that stay in the conversation (16000).'),
  env: envNames
    .default([])
    .describe('Environment variables passed on to the agent besides the built-in ones.'),
});

const setup = z.union([
  text.transform((command) => ({ check: null, fix: command })),
  z.strictObject({ check: text.nullable().default(null), fix: text }),
]);

const check = z.strictObject({
  name: z.string().regex(/^[^\s/\\]+$/, 'a name without blanks or slashes'),
  run: text,
  targeted: text.optional().describe('Runs only what failed: {failed}, {failedFiles}.'),
  baseline: z.boolean().default(false).describe('What fails at the base too is not the item’s.'),
  report: text.optional().describe('A file of JUnit XML or TAP that the command writes in REGEN_ARTIFACTS.'),
  allowNoTests: z.boolean().default(false).describe('It may end well without having executed a test.'),
  retries: z.int().nonnegative().default(0),
  timeout: timeSpan.prefault('10m'),
  each: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name for REGEN_<NAME>'), texts.min(1))
    .default({}),
  produces: texts
    .default([])
    .describe('Files that must be in REGEN_ARTIFACTS afterwards; a trailing ? makes one optional.'),
});

const range = z.string().refine((one) => validRange(one) !== null, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no range of versions; write one such as >=20.10, or * for any`,
});

const tool = z.union([
  range,
  z.strictObject({ run: text.describe('Prints the version.'), version: range.default('*') }),
]);

const checks = z.strictObject({
  tools: z
    .record(z.string().regex(/^\w[\w.+-]*$/, 'the name of a program'), tool)
    .default({})
    .describe('Programs that must be there, with the versions that will do.'),
  setup: setup.optional(),
  run: z.array(check).default([]),
  repairs: z.int().nonnegative().default(2),
  env: envNames
    .default([])
    .describe('Environment variables passed on to set-up and checks; HOME is a scratch folder unless named.'),
});

const score = z.number().min(0).max(100);

const evaluate = z.strictObject({
  rubric: text,
  attach: texts.default([]),
  accept: z.union([score.transform((one) => [one]), z.array(score).min(1)]).prefault(90),
  improve: z.int().nonnegative().default(2),
  reject: score.default(50),
  belowReject: z.enum(['ship', 'fail']).default('ship'),
  model: text.default('haiku'),
  maxUsd: usd.default(0.2),
});

const audit = z.strictObject({ model: text.optional(), maxUsd: usd.optional() });

const recordField = z.union([z.string(), z.strictObject({ run: text })]);

const record = z.strictObject({
  metadata: text.optional(),
  fields: z.record(text, recordField).default({}),
  header: z.strictObject({ file: text, match: text, line: text }).optional(),
});

const publish = z.strictObject({
  run: text,
  env: envNames.default([]),
  retries: z.int().nonnegative().default(2),
  timeout: timeSpan.prefault('10m'),
});

const label = z.union([text, z.strictObject({ atLeast: score, then: text, else: text })]);

const ship = z.strictObject({
  per: z
    .enum(['item', 'pack', 'target'])
    .optional()
    .describe('What a pull request holds; the worker’s default is pack, the agent ships item by item.'),
  to: z.enum(['github', 'branch', 'local']).default('github'),
  repository: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name')
    .optional(),
  branch: text.default('regen/{target}/{item}'),
  title: text.default('regen({target}): {item}'),
  body: text.default('Regenerated **{item}** of **{target}**.\n'),
  labels: z.array(label).default([]),
  labelDelay: duration.prefault('8s'),
  parentIssue: z.strictObject({ file: text, field: text }).optional(),
});

export const configSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  base: z
    .string()
    .regex(/^[^/\s]+\/\S+$/, '<remote>/<branch>, such as origin/main')
    .default('origin/main')
    .describe('The remote and branch that everything is read from and that work is based on.'),
  engine: z
    .enum(['agent', 'worker'])
    .default('agent')
    .describe('Who does an item: a coding agent, or one call of a model for many small items.'),
  targets: targets.describe('The groups to redo, and in which order.'),
  items: items.describe('The units of a target: one is redone at a time.'),
  prompt: prompt.describe('What the agent is told, from the most to the least shared.'),
  agent: agent.prefault({}).describe('How the coding agent is run.'),
  routing: routing
    .optional()
    .describe('Which model an item gets, by how complex it is; left out: all get the same.'),
  worker: worker.prefault({}).describe('How many small items are done in one call of a model.'),
  provider: provider.prefault({}).describe('What every call to the provider’s API carries.'),
  retrieval: retrieval
    .optional()
    .describe('Reference documents that are searched where that costs less than to send them whole.'),
  checks: checks.prefault({}).describe('What a finished item has to pass.'),
  evaluate: evaluate.optional().describe('A rubric that scores a finished item.'),
  audit: z
    .union([z.boolean(), audit])
    .default(false)
    .describe('Look for items that copy each other when the plan is made.'),
  record: record
    .optional()
    .describe('What is written into the item’s metadata and header before the commit.'),
  publish: publish
    .optional()
    .describe('A command that puts the checks’ artifacts somewhere before shipping.'),
  ship: ship.prefault({}).describe('Where a finished item goes: branch, pull request and labels.'),
  budget: budget.prefault({}).describe('Limits in US dollars and attempts.'),
  cache: cache.prefault({}).describe('How long the shared beginning of the prompt is cached.'),
  prices: prices
    .default({})
    .describe(
      'US dollars per million tokens by model, over the built-in table; a list for prices with dates or tiers.',
    ),
});
