/** How hard an item is in three words, and the model for each. Pure. */
import type { ItemClass, RouteSettings } from '../model/route.js';

export const itemClasses = ['simple', 'medium', 'hard'] as const satisfies readonly ItemClass[];

/** What the score alone says; a score on an edge belongs to the grey band. */
export function classOfScore(
  score: number,
  { below, above }: Pick<RouteSettings, 'below' | 'above'>,
): ItemClass {
  if (score < below) return 'simple';
  return score > above ? 'hard' : 'medium';
}

/**
 * The first, the middle and the last of the models. Where two are in the middle it is the dearer: a result that is too poor
 * may pass its checks all the same, and then nothing escalates.
 */
export function modelOfClass(of: ItemClass, { models }: Pick<RouteSettings, 'models'>): string {
  const places: Readonly<Record<ItemClass, number>> = {
    simple: 0,
    medium: Math.floor(models.length / 2),
    hard: models.length - 1,
  };
  const model = models[places[of]];
  if (model === undefined) throw new RangeError('routing.models is empty');
  return model;
}
