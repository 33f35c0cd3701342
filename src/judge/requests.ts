/** Change requests are hard requirements: each becomes a rule of the item's rubric, and unmet it rejects. Pure. */
import { cut } from '../model/excerpt.js';
import { oneLine } from '../model/one-line.js';
import type { RejectRule, Rubric } from '../model/rubric.js';

/** A request is a sentence or two. */
const longestRequest = 500;

/** The rules that the requests come to, with ids that the rubric doesn't have. */
export function requestRules(rubric: Rubric, requests: readonly string[]): RejectRule[] {
  const { categories, caps, reject } = rubric;
  const taken = new Set([
    ...categories.flatMap(({ items }) => items.map(({ id }) => id)),
    ...[...caps, ...reject].map(({ id }) => id),
  ]);
  const free = Array.from({ length: taken.size + requests.length }, (_, index) => `CR-${index + 1}`).filter(
    (id) => !taken.has(id),
  );
  return requests.flatMap((request, index) => {
    const id = free[index];
    const name = `Does not meet this change request: ${cut(oneLine(request), longestRequest)}`;
    return id === undefined ? [] : [{ id, name }];
  });
}
