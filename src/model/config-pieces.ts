/** The sections of regen.yaml about what is redone: targets, items, and the rules that leave some out. */
import * as z from 'zod';
import { blockKinds } from './block.js';
import { duration, text, texts } from './config-values.js';
import { blocks } from './config-worker.js';

const instant = z.string().min(1);

const listedTarget = z.union([
  text.transform((id) => ({ id })),
  z.strictObject({ id: text, title: text.optional(), updated: instant.optional() }),
]);

export const targets = z
  .strictObject({
    glob: text
      .optional()
      .describe('Files of the base whose path names the target: {target}, or the first *.'),
    list: z.array(listedTarget).min(1).optional().describe('The targets, spelled out.'),
    command: text
      .optional()
      .describe('A command that prints one JSON line per target: {id, title?, updated?}.'),
    title: text.optional().describe('A file of the target whose first "# " heading is its title.'),
    updated: z
      .union([
        z.literal('git'),
        z.strictObject({
          files: z.union([text.transform((one) => [one]), texts.min(1)]),
          fields: texts.min(1),
        }),
      ])
      .optional()
      .describe(
        'Where the target’s age comes from: fields of files, or the last commit that touched its items.',
      ),
    order: z.enum(['oldest', 'name']).default('oldest'),
    minAge: duration.prefault('20h').describe('A target finished less than this ago is passed over.'),
  })
  .superRefine((value, context) => {
    oneSource(value, ['glob', 'list', 'command'], context);
  });

const ruleConditions = ['when', 'kind', 'fewerWords', 'item', 'run'] as const;

const skipRule = z
  .strictObject({
    name: text.optional().describe('How the plan calls the rule; what it found follows.'),
    path: text.optional().describe('The file that it is about; left out: the one that names the item.'),
    when: z.enum(['missing', 'exists', 'empty', 'generated', 'unchanged']).optional(),
    kind: z.array(z.enum(blockKinds)).min(1).optional().describe('The block is one of these.'),
    fewerWords: z.int().positive().optional().describe('The file has fewer words than this.'),
    item: texts.min(1).optional().describe('The item’s id fits one of these globs.'),
    run: text.optional().describe('A command: exit status 0 takes the item out, 1 leaves it in.'),
  })
  .superRefine((rule, context) => {
    const given = ruleConditions.filter((name) => rule[name] !== undefined);
    if (given.length !== 1) {
      const message =
        given.length === 0
          ? `needs a condition: ${ruleConditions.join(', ')}`
          : `has ${given.join(' and ')}; make two rules of it`;
      context.addIssue({ code: 'custom', path: given[1] === undefined ? [] : [given[1]], message });
    }
    const isOfFile =
      rule.item === undefined &&
      rule.kind === undefined &&
      rule.run === undefined &&
      rule.when !== 'unchanged';
    if (rule.path !== undefined && !isOfFile && given.length === 1) {
      const message = `says nothing beside ${given.join('')}${rule.when === undefined ? '' : ': unchanged'}; remove it`;
      context.addIssue({ code: 'custom', path: ['path'], message });
    }
    if (rule.path === undefined && (rule.when === 'missing' || rule.when === 'exists')) {
      context.addIssue({ code: 'custom', path: [], message: `needs a path for when: ${rule.when}` });
    }
  });

export const items = z
  .strictObject({
    glob: text.optional().describe('Files of the base whose path names the item: {item}, or the first *.'),
    list: texts.min(1).optional().describe('The items, spelled out.'),
    exclude: texts.default([]),
    blocks: blocks.optional(),
    heading: text.default('Items').describe('The plan’s section that holds the items.'),
    writes: texts
      .min(1)
      .optional()
      .describe('What an item’s attempt may change; the default is the file that names it.'),
    isolate: z.boolean().default(false).describe('Keep the other items’ files out of this item’s worktree.'),
    unchanged: z.enum(['skip', 'fail', 'evaluate']).default('skip'),
    skip: z.array(skipRule).default([]),
  })
  .superRefine((value, context) => {
    oneSource(value, ['glob', 'list'], context);
  });

type Context = z.RefinementCtx;

function oneSource(
  value: Readonly<Record<string, unknown>>,
  names: readonly string[],
  context: Context,
): void {
  const given = names.filter((name) => value[name] !== undefined);
  if (given.length === 1) return;
  context.addIssue({
    code: 'custom',
    path: given[1] === undefined ? [] : [given[1]],
    message:
      given.length === 0
        ? `needs one source: ${names.join(', ')}`
        : `has ${given.join(' and ')}; give one source`,
  });
}
