/** Change requests that come from outside of the plan: which of them are for an item that is to be done. Pure. */
import type { NewChangeRequest, NewPlanItem, Plan } from '../model/plan.js';
import { oneLine } from '../model/one-line.js';
import { closest } from '../model/suggest.js';

export interface Fitting {
  readonly requests: readonly NewChangeRequest[];
  /** A sentence for each that was dropped. */
  readonly warnings: readonly string[];
}

/** Drops what is for no item of the plan, for one that is skipped, says nothing, or is there twice. */
export function fittingRequests(
  requests: readonly NewChangeRequest[],
  items: readonly NewPlanItem[],
): Fitting {
  const kept: NewChangeRequest[] = [];
  const warnings: string[] = [];
  for (const request of requests) {
    const plain = { ...request, text: plainText(request.text) };
    const flaw = flawOf(plain, items, kept);
    if (flaw === null) kept.push(plain);
    else warnings.push(`the change request for ${JSON.stringify(request.item)} was dropped: ${flaw}`);
  }
  return { requests: kept, warnings };
}

/** One line without what a terminal obeys: it is printed before it is in the plan. */
function plainText(text: string): string {
  return oneLine(text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, ' ').replace(/\p{Cf}/gu, ''));
}

function flawOf(
  { item, text }: NewChangeRequest,
  items: readonly NewPlanItem[],
  kept: readonly NewChangeRequest[],
): string | null {
  const found = items.find(({ id }) => id === item);
  if (found === undefined) return strayText(item, items);
  if (found.skipped !== undefined) return `the item is skipped (${found.skipped})`;
  if (text === '') return 'it says nothing';
  const isTwice = kept.some((other) => other.item === item && other.text === text);
  return isTwice ? 'it is there twice' : null;
}

/** A sentence for each request in the plan that no step will ever read. */
export function strayRequests({ changeRequests, items }: Plan): readonly string[] {
  return changeRequests.flatMap(({ item, line }) => {
    if (items.some(({ id }) => id === item)) return [];
    const where = `.regen-plan.md:${line}: the change request for ${JSON.stringify(item)} is left out`;
    return [`${where}: ${strayText(item, items)}`];
  });
}

function strayText(item: string, items: readonly { readonly id: string }[]): string {
  const near = closest(
    item,
    items.map(({ id }) => id),
  );
  return `the plan has no such item${near === null ? '' : `; "${near}" was meant?`}`;
}
