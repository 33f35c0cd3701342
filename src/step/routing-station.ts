/** What the line needs of routing/. Pure, all of it. */
import type { BlockKind } from '../model/block.js';
import type { Complexity, ItemClass, ItemFacts, Route, RouteSettings } from '../model/route.js';

export interface Routing {
  facts(text: string, kind: ItemFacts['kind']): ItemFacts;
  complexity(facts: ItemFacts, weights: RouteSettings['weights']): Complexity;
  route(
    subject: { readonly score: number; readonly failures: number; readonly planned: string | null },
    settings: RouteSettings,
  ): Route;
  question(items: readonly ClassifiedItem[]): ClassifierQuestion;
  /** The class of each item; the score decides where the answer doesn't. `fault`: why there is no answer, if that is known. */
  read(
    items: readonly { readonly id: string; readonly score: number }[],
    answer: unknown,
    settings: RouteSettings,
    fault?: string,
  ): { readonly classes: ReadonlyMap<string, ReadClass>; readonly problems: readonly string[] };
  modelOf(of: ItemClass, settings: RouteSettings): string;
}

export interface ReadClass {
  readonly class: ItemClass;
  /** Whether the answer says so; else its score does. */
  readonly isAnswered: boolean;
}

export interface ClassifiedItem {
  readonly id: string;
  readonly kind: BlockKind | 'files';
  readonly excerpt: string;
}

export interface ClassifierQuestion {
  readonly prefix: string;
  readonly message: string;
  readonly schema: Readonly<Record<string, unknown>>;
}
