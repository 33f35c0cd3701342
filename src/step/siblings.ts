import { compileGlob } from '../model/glob.js';

/** The files of the other items of the target: what isolation keeps out of a worktree. */
export function siblingFiles(
  paths: readonly string[],
  question: {
    readonly writes: readonly string[];
    readonly target: string;
    readonly item: string;
    readonly items: readonly string[];
  },
): readonly string[] {
  const { target, item } = question;
  const siblings = new Set(question.items.filter((id) => id !== item));
  const patterns = question.writes.filter((pattern) => pattern.includes('{item}'));
  const own = patterns.map((pattern) => compileGlob(pattern, { target, item }));
  const any = patterns.map((pattern) => compileGlob(pattern, { target }));
  return paths.filter(
    (file) =>
      any.some((glob) => siblings.has(glob.match(file)?.item ?? '')) &&
      !own.some((glob) => glob.match(file) !== null),
  );
}
