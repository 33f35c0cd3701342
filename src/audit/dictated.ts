/** What every item was told: two that say it again copy nobody. */
import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import { isTaskFile } from '../model/prompt.js';
import { fillTemplate } from '../model/template.js';
import type { Values } from '../model/template.js';
import type { NamedText } from './features.js';
import { decode, longestText } from './own-files.js';

export interface Dictated {
  /** Of prompt.static and prompt.target: what is shown to the judge. */
  readonly shared: readonly NamedText[];
  /** These, and what single items were told, their task and their names. */
  readonly all: readonly NamedText[];
}

/** A file that isn't in the base or is no text is left out: the step that needs it will complain. */
export async function readDictated(
  {
    target,
    items,
    tree,
  }: { readonly target: string; readonly items: readonly string[]; readonly tree: BaseTree },
  { prompt }: Config,
  signal: AbortSignal,
): Promise<Dictated> {
  const named = (path: string, values: Values) => ({ path: fillTemplate(path, values), values });
  const shared = [
    ...prompt.static.map((path) => named(path, {})),
    ...prompt.target.map((path) => named(path, { target })),
  ];
  const tasks = isTaskFile(prompt.task) ? [prompt.task] : [];
  const own = items.flatMap((item) =>
    [...prompt.item, ...tasks].map((path) => named(path, { target, item })),
  );
  const texts = await readTexts(
    [...shared, ...own].map(({ path }) => path),
    tree,
    signal,
  );
  const filled = (files: readonly ReturnType<typeof named>[]): readonly NamedText[] =>
    files.flatMap(({ path, values }) => {
      const text = texts.get(path);
      return text === undefined ? [] : [{ path, text: fillTemplate(text, values) }];
    });
  const names = { path: 'names.md', text: [target, ...items, prompt.task].join('\n') };
  const told = [...new Map([...shared, ...own].map((file) => [file.path, file])).values()];
  return { shared: filled(shared), all: [...filled(told), names] };
}

async function readTexts(
  paths: readonly string[],
  tree: BaseTree,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  await tree.read(
    [...new Set(paths)],
    (path, content) => {
      const text = content === null ? null : decode(content);
      if (text !== null) texts.set(path, text.slice(0, longestText));
    },
    signal,
  );
  return texts;
}
