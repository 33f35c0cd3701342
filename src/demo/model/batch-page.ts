/** A page of the list of batches. Pure. */

/** As they come in the query. */
export interface PageQuery {
  readonly limit: string | null;
  readonly after_id: string | null;
  readonly before_id: string | null;
}

export type Page<Item> =
  | {
      readonly kind: 'page';
      readonly body: {
        readonly data: readonly Item[];
        readonly has_more: boolean;
        readonly first_id: string | null;
        readonly last_id: string | null;
      };
    }
  | { readonly kind: 'refused'; readonly reason: string };

const usualLimit = 20;
const highestLimit = 1000;

/** The newest `limit` of them, those after a cursor (older ones), or the ones just before it. */
export function pageOf<Item extends { readonly id: string }>(
  newestFirst: readonly Item[],
  query: PageQuery,
): Page<Item> {
  const limit = Number(query.limit ?? usualLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > highestLimit) {
    return refused(`limit: should be between 1 and ${highestLimit}`);
  }
  const cursor = query.after_id ?? query.before_id;
  const place = newestFirst.findIndex(({ id }) => id === cursor);
  if (cursor !== null && place === -1) return refused(`no batch has the id ${cursor}`);
  const isBackwards = query.after_id === null && query.before_id !== null;
  const rest = isBackwards ? newestFirst.slice(0, place) : newestFirst.slice(place + 1);
  const data = isBackwards ? rest.slice(-limit) : rest.slice(0, limit);
  return {
    kind: 'page',
    body: {
      data,
      has_more: rest.length > data.length,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    },
  };
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}
