/** `search_style_rules`: the passages of the configured documents that a question needs, instead of all of them. */
import * as z from 'zod';
import { usualCharactersPerToken } from '../model/context-fit.js';
import { createLexicalIndex } from '../model/lexical-index.js';
import type { LexicalFound, LexicalIndex } from '../model/lexical-index.js';
import { passagesOf, passageText, passageTitle } from '../model/passages.js';
import type { Passage } from '../model/passages.js';
import { definitions } from './definitions.js';
import { refusal } from './tool.js';
import type { Tool } from './tool.js';

export interface Document {
  readonly path: string;
  readonly text: string;
}

/** Of an answer. */
const mostPassages = 5;
const mostTokens = 1500;
/** Below it a passage shares too little with the query to be an answer to it. */
const leastCoverage = 0.4;

const inputSchema = z.object({ query: z.string().trim().min(1) });

/** @param read - the documents of `prompt.references`; asked once, when the first query comes. */
export function createStyleRules(read: (signal: AbortSignal) => Promise<readonly Document[]>): Tool {
  let index: LexicalIndex<Passage> | null = null;
  return {
    definition: definitions.search_style_rules,
    async call(input, signal) {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success) return refusal('search_style_rules takes {"query": keywords}.');
      index ??= createLexicalIndex((await read(signal)).flatMap(({ path, text }) => passagesOf(path, text)));
      return { text: searchAnswer(index, parsed.data.query) };
    },
  };
}

/** Pure. */
export function searchAnswer(index: LexicalIndex<Passage>, query: string): string {
  if (index.passages === 0) return 'There are no style rules: no document matches prompt.references.';
  const found = index.search(query);
  const fitting = found.filter(({ coverage }) => coverage >= leastCoverage).slice(0, mostPassages);
  if (fitting.length === 0) return nothing(query, found);
  const shown: string[] = [];
  let room = mostTokens * usualCharactersPerToken;
  for (const { passage } of fitting) {
    const text = passageText(passage);
    // The best one is shown in any case: a passage is never longer than the room.
    if (text.length + 2 > room) break;
    shown.push(text);
    room -= text.length + 2;
  }
  return shown.join('\n\n');
}

function nothing(query: string, [nearest]: readonly LexicalFound<Passage>[]): string {
  const near = nearest === undefined ? '' : ` The nearest heading is ${passageTitle(nearest.passage)}.`;
  return `No style rule fits ${JSON.stringify(query)}: none shares enough words with it.${near} Try other words, or go on without.`;
}
