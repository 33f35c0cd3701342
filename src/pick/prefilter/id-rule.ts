import { compileGlob } from '../../model/glob.js';
import type { Reasons } from './prefilter.js';

/** Items whose id fits one of the patterns. */
export function idReasons(patterns: readonly string[], ids: readonly string[]): Reasons {
  const globs = patterns.map((pattern) => ({ pattern, glob: compileGlob(pattern, {}) }));
  return new Map(
    ids.flatMap((id) => {
      const fitting = globs.find(({ glob }) => glob.match(id) !== null);
      return fitting === undefined ? [] : [[id, `the id fits ${JSON.stringify(fitting.pattern)}`] as const];
    }),
  );
}
