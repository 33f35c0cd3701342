import type { BaseTree } from '../model/base-tree.js';
import { compileGlob } from '../model/glob.js';
import { filesUnder } from './files.js';

/** The title that the target's file gives it; null when there is no such file or heading. */
export async function readTitle(
  pattern: string | undefined,
  { tree, target }: { readonly tree: BaseTree; readonly target: string },
  signal: AbortSignal,
): Promise<string | null> {
  if (pattern === undefined) return null;
  const glob = compileGlob(pattern, { target });
  const file = filesUnder(await tree.entries(signal), glob.root).find(
    ({ path }) => glob.match(path) !== null,
  );
  if (file === undefined) return null;
  let title: string | null = null;
  await tree.read(
    [file.path],
    (_path, content) => {
      title = titleOf(content?.toString('utf8') ?? '', target);
    },
    signal,
  );
  return title;
}

/** The first `# ` heading outside of fenced code, without a leading `<target>:`. */
export function titleOf(markdown: string, target: string): string | null {
  let fence: string | null = null;
  for (const line of markdown.split(/\r\n|\r|\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === null) fence = mark;
      else if (mark.startsWith(fence)) fence = null;
      continue;
    }
    const heading = fence === null ? /^\uFEFF? {0,3}#[ \t]+(.*)$/.exec(line)?.[1] : undefined;
    const text = heading?.replace(/[ \t]+#+[ \t]*$/, '').trim() ?? '';
    if (text === '') continue;
    return (text.startsWith(`${target}:`) ? text.slice(target.length + 1).trim() : text) || null;
  }
  return null;
}
