/** Which items may not be asked about again: what they have of their packs has come to `budget.itemUsd`. Pure. */

/**
 * In the order of `items`.
 *
 * @param sharesUsd - what each item has spent so far; an item that isn't there has spent nothing.
 * @param limitUsd - undefined: there is no limit.
 */
export function overspent(
  items: readonly string[],
  sharesUsd: ReadonlyMap<string, number>,
  limitUsd: number | undefined,
): readonly string[] {
  return limitUsd === undefined ? [] : items.filter((item) => (sharesUsd.get(item) ?? 0) >= limitUsd);
}
