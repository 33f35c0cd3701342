/** What a text shows without being understood: its size, links, code and nesting. Pure. */
import type { ItemFacts } from '../model/route.js';
import { wordCount } from '../model/words.js';
import { nestingOf } from './nesting.js';

/**
 * The facts of one text. Of an item of several files it is their texts put together; who knows of more (how many files there
 * are, what failed before) writes it over these.
 */
export function factsOf(text: string, kind: ItemFacts['kind']): ItemFacts {
  const lines = linesOf(text);
  return {
    words: wordCount(text),
    lines: lines.length,
    kind,
    files: 1,
    nesting: nestingOf(text),
    links: text.match(link)?.length ?? 0,
    code: codeShare(lines, kind),
    failures: 0,
    changeRequests: 0,
  };
}

/** Markdown's, HTML's and bare addresses; the address within a link isn't one more. */
const link = /\]\([^)\s]*|\]\[[^\]\n]*\]|\bhref=(?:"[^"\n]*"|'[^'\n]*')|\bhttps?:\/\/[^\s)>\]]+/g;

const codeKinds: readonly ItemFacts['kind'][] = ['code', 'function', 'class'];

/** Of the lines that aren't blank. */
function codeShare(lines: readonly string[], kind: ItemFacts['kind']): number {
  const written = lines.filter((line) => line.trim() !== '');
  if (written.length === 0) return 0;
  if (codeKinds.includes(kind)) return 1;
  let fence: string | null = null;
  let code = 0;
  for (const line of written) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    const isEdge = mark !== null && (fence === null || mark.startsWith(fence));
    if (isEdge || fence !== null || looksLikeCode(line)) code += 1;
    if (isEdge) fence = fence === null ? mark : null;
  }
  return code / written.length;
}

/** A guess for files of code, which have no fences: prose hardly ever ends or begins so. */
function looksLikeCode(line: string): boolean {
  return (
    /[;{}]\s*$/.test(line) ||
    /^\s*(?:def|class|return|import|from|const|let|var|export|function|func|fn|public|private|if|for|while)\b.*[(=:'"]/.test(
      line,
    )
  );
}

/** A line end at the end begins no further line. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
