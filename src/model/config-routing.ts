/** The section of regen.yaml about which item gets which model. */
import * as z from 'zod';
import { text } from './config-values.js';
import type { ComplexityPartName } from './route.js';

const share = z.number().min(0).max(1);

const models = z
  .array(text)
  .min(1)
  .superRefine((names, context) => {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const message = `${JSON.stringify(name)} is there twice; name each model once`;
      context.addIssue({ code: 'custom', path: [index], message });
    }
  });

const most = {
  size: 'words or lines, whichever is more',
  kind: 'what the item is: a rule, a paragraph, a table, a class',
  files: 'the files beyond the first',
  nesting: 'lists and brackets in each other',
  links: 'links',
  code: 'the share of code',
  failures: 'earlier attempts that failed',
  changeRequests: 'change requests',
} satisfies Record<ComplexityPartName, string>;

const weight = (part: keyof typeof most) =>
  share.optional().describe(`The most that is added for ${most[part]}.`);

const weights = z.strictObject({
  size: weight('size'),
  kind: weight('kind'),
  files: weight('files'),
  nesting: weight('nesting'),
  links: weight('links'),
  code: weight('code'),
  failures: weight('failures'),
  changeRequests: weight('changeRequests'),
});

export const routing = z
  .strictObject({
    models: models
      .default(['haiku', 'sonnet', 'opus'])
      .describe('The models to choose from, from the cheapest to the dearest.'),
    below: share.default(0.35).describe('An item with a lower score is simple: it gets the first model.'),
    above: share.default(0.65).describe('An item with a higher score is hard: it gets the last model.'),
    classify: z
      .enum(['grey', 'always', 'never'])
      .default('grey')
      .describe('Whether a model is asked how hard an item is: between below and above, always, or never.'),
    classifier: text.optional().describe('The model that is asked; left out: the first of models.'),
    weights: weights.default({}).describe('What the score of an item is made of, over the built-in weights.'),
  })
  .superRefine(({ below, above }, context) => {
    if (below <= above) return;
    const message = `${below} is more than above, ${above}; write ${above} or less`;
    context.addIssue({ code: 'custom', path: ['below'], message });
  })
  .transform(({ classifier, ...rest }) => {
    const [first = ''] = rest.models; // there is one at least
    return { ...rest, classifier: classifier ?? first };
  });
