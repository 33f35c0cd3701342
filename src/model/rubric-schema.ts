/** The shape of a rubric file. Loaded only by what reads one: types come from rubric.ts. */
import * as z from 'zod';
import { pathFault } from './path-fault.js';
import { placeholdersOf } from './template.js';

const text = z.string().min(1, 'must not be empty');
// Sums of these are exact enough for shares of them.
const points = z.number().positive('must be above 0').max(1_000_000, 'must be at most 1000000');

// An item's id is a key of the structured answer, whose names the API restricts; a category's stands in Markdown.
const itemId = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,31}$/, 'must be letters, digits, "." and "-"');
const categoryId = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, 'must be letters and digits');

const item = z
  .strictObject({
    id: itemId,
    name: text,
    max: points,
    anchors: z
      .record(z.string().regex(/^\d+(?:\.\d+)?$/, 'must be a score, such as 5 or 7.5'), text)
      .default({})
      .describe('What a score looks like, from examples: score to description.'),
  })
  .superRefine(({ anchors, max }, context) => {
    const above = Object.keys(anchors).filter((score) => Number(score) > max);
    for (const score of above) {
      context.addIssue({ code: 'custom', path: ['anchors', score], message: `is above the maximum, ${max}` });
    }
  });

const category = z
  .strictObject({ id: categoryId, name: text, max: points, items: z.array(item).min(1) })
  .superRefine(({ items, max }, context) => {
    const sum = items.reduce((total, each) => total + each.max, 0);
    if (Math.abs(sum - max) < 1e-9) return;
    context.addIssue({ code: 'custom', path: ['max'], message: `is ${max}, but its items add up to ${sum}` });
  });

const rule = { id: itemId, name: text };

/** Without `when` the judge says whether it applies. */
const cap = z.strictObject({
  ...rule,
  atMost: z.number().min(0).max(100).describe('The score is no higher while it applies.'),
  when: z
    .strictObject({ item: itemId, below: points })
    .optional()
    .describe('Decided by code: a criterion has fewer points.'),
});

const file = text
  .superRefine((path, context) => {
    const fault = unknownPlaceholders(path) ?? pathFault(path);
    if (fault !== null) context.addIssue({ code: 'custom', message: `${JSON.stringify(path)} ${fault}` });
  })
  .describe('In the artifacts of the checks, else in the worktree; {target} and {item} are filled in.');

/** With none of the three the judge says whether it applies. */
const reject = z
  .strictObject({
    ...rule,
    missing: file.optional(),
    small: z.strictObject({ file, bytes: z.int().positive() }).optional(),
    blank: file.optional(),
  })
  .refine(
    ({ missing, small, blank }) => [missing, small, blank].filter((one) => one !== undefined).length <= 1,
    {
      error: 'is decided by one of missing, small, blank, or by the judge',
    },
  );

export const rubricSchema = z
  .strictObject({
    categories: z.array(category).min(1),
    caps: z.array(cap).default([]).describe('Faults that no other virtue makes up for.'),
    reject: z.array(reject).default([]).describe('Faults that make the score 0.'),
  })
  .superRefine(({ categories, caps, reject: rejects }, context) => {
    const places = [
      ...categories.flatMap(({ id, items }, index) => [
        { id, path: ['categories', index, 'id'] },
        ...items.map((each, at) => ({ id: each.id, path: ['categories', index, 'items', at, 'id'] })),
      ]),
      ...caps.map(({ id }, index) => ({ id, path: ['caps', index, 'id'] })),
      ...rejects.map(({ id }, index) => ({ id, path: ['reject', index, 'id'] })),
    ];
    const taken = new Set<string>();
    for (const { id, path } of places) {
      if (taken.has(id)) context.addIssue({ code: 'custom', path, message: `${id} is there twice` });
      taken.add(id);
    }
    const criteria = new Map(
      categories.flatMap(({ items }) => items.map(({ id, max }) => [id, max] as const)),
    );
    for (const [index, { when }] of caps.entries()) {
      const max = when === undefined ? undefined : criteria.get(when.item);
      if (when === undefined || (max !== undefined && when.below <= max)) continue;
      const path = ['caps', index, 'when', max === undefined ? 'item' : 'below'];
      const message =
        max === undefined ? `${when.item} is no item of a category` : `is above the maximum, ${max}`;
      context.addIssue({ code: 'custom', path, message });
    }
  });

/** In words that follow the path; null when all are filled in. */
function unknownPlaceholders(path: string): string | null {
  const names = placeholdersOf(path).filter((name) => name !== 'target' && name !== 'item');
  if (names.length === 0) return null;
  return `names {${[...new Set(names)].join('}, {')}}; only {target} and {item} are filled in`;
}
