/** The shape of a rubric file. Loaded only by what reads one: types come from rubric.ts. */
import * as z from 'zod';

const text = z.string().min(1, 'must not be empty');
const points = z.number().positive('must be above 0');

// An item's id is a key of the structured answer, whose names the API restricts; a category's stands in Markdown.
const itemId = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,31}$/, 'must be letters, digits, "." and "-"');
const categoryId = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, 'must be letters and digits');

const item = z
  .strictObject({
    id: itemId,
    name: text,
    max: points,
    anchors: z
      .record(z.string().regex(/^\d+(?:\.\d+)?$/, 'must be a score'), text)
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

export const rubricSchema = z
  .strictObject({ categories: z.array(category).min(1) })
  .superRefine(({ categories }, context) => {
    const places = categories.flatMap(({ id, items }, index) => [
      { id, path: ['categories', index, 'id'] },
      ...items.map((each, at) => ({ id: each.id, path: ['categories', index, 'items', at, 'id'] })),
    ]);
    const taken = new Set<string>();
    for (const { id, path } of places) {
      if (taken.has(id)) context.addIssue({ code: 'custom', path, message: `${id} is there twice` });
      taken.add(id);
    }
  });
