/** An evaluation as metadata keeps it. Pure. */
import type { Evaluation } from '../model/verdict.js';
import type { MetadataMap } from './metadata-values.js';

/** The `review` block. The description is called one of pictures only when there were any. */
export function reviewBlock(evaluation: Evaluation, hasAttachments: boolean): MetadataMap {
  const { description, strengths, weaknesses, verdict, categories } = evaluation;
  const checklist = categories.map(({ id, score, max, items }): readonly [string, MetadataMap] => [
    id,
    { score, max, items: items.map((item) => ({ ...item })) },
  ]);
  return {
    ...(description !== '' && { [hasAttachments ? 'image_description' : 'description']: description }),
    strengths: [...strengths],
    weaknesses: [...weaknesses],
    verdict,
    criteria_checklist: Object.fromEntries(checklist),
  };
}
