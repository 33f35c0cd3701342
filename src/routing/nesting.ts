/** How deep a text is nested, by its lists and by its brackets: whichever is deeper. Pure. */

export function nestingOf(text: string): number {
  return Math.max(bracketDepth(text), listDepth(text));
}

const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

interface Open {
  readonly closing: string;
  /** Of the pairs that were closed within. */
  inside: number;
}

/** Pairs alone count: prose is full of brackets that nothing closes. */
function bracketDepth(text: string): number {
  const open: Open[] = [{ closing: '', inside: 0 }];
  for (const [sign] of text.matchAll(/[()[\]{}]/g)) {
    const closing = closings[sign];
    if (closing !== undefined) open.push({ closing, inside: 0 });
    else close(open, sign);
  }
  return deepestInside(open);
}

/** Looks no further than this for what a bracket closes, lest a long text without sense take long. */
const farthest = 100;

function close(open: Open[], sign: string): void {
  const lowest = Math.max(1, open.length - farthest);
  for (let at = open.length - 1; at >= lowest; at -= 1) {
    if (open[at]?.closing !== sign) continue;
    const inside = deepestInside(open.splice(at));
    const outer = open.at(-1);
    if (outer !== undefined) outer.inside = Math.max(outer.inside, inside + 1);
    return;
  }
}

function deepestInside(open: readonly Open[]): number {
  return open.reduce((deepest, { inside }) => Math.max(deepest, inside), 0);
}

/** List entries, each further in than the one before that it belongs to. */
function listDepth(text: string): number {
  let deepest = 0;
  let columns: number[] = [];
  for (const [, indent = ''] of text.matchAll(/^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+\S/gm)) {
    const column = indent.replaceAll('\t', '    ').length;
    columns = [...columns.filter((outer) => outer < column), column];
    deepest = Math.max(deepest, columns.length);
  }
  return deepest;
}
