import type { Attempt } from './attempt.js';
import type { ItemsConfig } from './config.js';
import { withPlaceholder } from './glob.js';

/** What an attempt may change: `items.writes`, or the file that names the item. */
export function writesOf(items: ItemsConfig): readonly string[] {
  if (items.writes !== undefined) return items.writes;
  const glob = items.glob ?? '{item}';
  return [withPlaceholder(glob, 'item') ?? glob];
}

/** The same for an attempt: a shipment may change the files of its blocks. */
export function writesOfAttempt(items: ItemsConfig, { files }: Pick<Attempt, 'files'>): readonly string[] {
  return files ?? writesOf(items);
}
